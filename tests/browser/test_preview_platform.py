"""The parts of the platform that the sandbox plays: callbacks, `self`, APP, requests, controls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from builders import as_json, folder, widget
from sandbox import problems, script, shown, stage, walked

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from preview_process import Previewing

pytest_plugins = "sandbox_fixtures"


def test_install_save_and_disable_call_what_the_platform_calls(page: Page, cache: str, tmp_path: Path) -> None:
    fields = {
        "a": {"name": "settings.token", "type": "text", "required": True},
        "p": {"name": "settings.token", "type": "pass", "required": False},
        "u": {"name": "settings.token", "type": "users", "required": False},
        "l": {"name": "settings.token", "type": "users_lp", "required": False},
        "c": {"name": "settings.token", "type": "custom", "required": False},
    }
    bodies = {
        "onInstall": "",
        "settings": "$('#' + self.params.widget_code + '_custom_content').text('drawn'); $('#' + self.params.widget_code + '_custom').val('7');",
        "onSave": "return a.active === 'N' || a.fields.a !== 'no';",
    }
    manifest = {"settings": {"token": None, **fields}}
    files = {"script.js": script(bodies), "preview/a.json": as_json({"installed": False})}
    with shown(folder(tmp_path / "w", widget(manifest, None, dict(files))), cache) as origin:  # fmt: skip
        page.goto(f"{origin}/stage?area=settings&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click(".js-widget-install")
        page.wait_for_selector(".js-widget-save")
        assert page.locator("#preview_good_custom_content").inner_text() == "drawn"
        page.click(".js-widget-save")
        assert page.locator(".stage-message").inner_text() == "Required: Token. The platform does not call onSave."
        page.fill("[name=a]", "no")
        page.click(".js-widget-save")
        page.wait_for_function("document.querySelector('.stage-message').textContent.startsWith('onSave did')")
        page.fill("[name=a]", "yes")
        page.fill("[name=p]", "secret")
        page.fill("[name='u[9000002]']", "9")
        page.fill("[name='l[9000001][login]']", "me")
        page.click(".js-widget-save")
        page.wait_for_function("document.querySelector('.stage-message').textContent === 'Saved.'")
        stored = json.loads(page.evaluate("sessionStorage.getItem('widgetpack-preview:preview_good')"))
        assert stored == {
            "from": "[false,{}]",
            "status": "installed",
            "fields": {
                "a": "yes",
                "p": "secret",
                "u": {"9000001": "", "9000002": "9", "9000003": ""},
                "l": {"9000001": {"login": "me", "password": ""}, "9000002": {"login": "", "password": ""}, "9000003": {"login": "", "password": ""}},
                "c": "7",
            },
        }  # fmt: skip
        page.click(".js-widget-uninstall")
        page.wait_for_selector(".js-widget-install")
        events = page.evaluate("window.widgetpack.events")
    names = [event["name"] for event in events if event["kind"] == "callback"]
    assert names == [
        "render", "init", "bind_actions", "settings", "onInstall", "settings", "onSave", "onSave", "onSave", "onSave", "destroy", "settings",
    ]  # fmt: skip
    assert [event["given"] for event in events if event.get("name") == "onSave"][-1].startswith('{active: "N", ')


def test_an_on_save_that_breaks_is_told_once(page: Page, cache: str, tmp_path: Path) -> None:
    files = {"script.js": script({"onSave": "return Promise.reject(new Error('no key'));"})}
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:
        page.goto(f"{origin}/stage?area=settings&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.fill("[name=token]", "x")
        page.click(".js-widget-save")
        page.wait_for_function("document.querySelector('.stage-message').textContent !== ''")
        assert page.locator(".stage-message").inner_text() == "onSave failed: nothing was stored. See the timeline."
        events = page.evaluate("window.widgetpack.settled().then(() => window.widgetpack.events)")
    assert problems(events) == [
        "error callback onSave throws Error: no key",
        "error error Error: no key at script.js:15",
    ]


def test_a_widget_that_is_not_installed_is_not_loaded_in_a_card(page: Page, cache: str, tmp_path: Path) -> None:
    files = {"preview/a.json": as_json({"installed": False})}
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:  # fmt: skip
        assert [event["kind"] for event in walked(page, origin, "lcard")] == ["done"]
        page.goto(f"{origin}/#area=lcard")
        stage(page).click("text=Open its settings")
        page.wait_for_selector('button.area[data-area="settings"][aria-current="page"]')


def test_answers_come_from_the_projects_fixtures_and_the_account(page: Page, cache: str, tmp_path: Path) -> None:
    body = """
      var said = [];
      function say(name) { return function (x) { said.push(name, x); }; }
      $.get('/api/v4/leads/5').then(say('lead'));
      $.get('https://example.amocrm.ru/api/v2/account').then(say('account'));
      fetch('/api/v4/contacts?query=none').then(function (x) { say('none')(x.status); });
      fetch('https://a.example/x/y?z=1').then(function (x) { return x.json().then(say('other ' + x.status + x.headers.get('x-y'))); });
      self.crm_post('https://a.example/p', { a: 1 }, say('post'), 'json');
      self.$authorizedAjax({ url: 'https://a.example/q', method: 'POST' }).then(say('token'));
      $.ajax({ url: '/api/v4/tasks', method: 'POST', contentType: 'application/json', data: '[{"text":"t"}]' })
        .then(function (x) { return $.get('/api/v4/tasks/' + x._embedded.tasks[0].id); }).then(say('task'));
      window.said = said;
      return true;"""
    answers = {
        "GET https://a.example/x/*": {"status": 201, "body": {"b": 2}, "headers": {"x-y": "Z"}},
        "POST https://a.example/p": {"body": {"c": 3}},
        "POST https://a.example/q": {"body": "text"},
    }
    fixture = {"leads": [{"id": 5, "name": "Five", "updated_at": 1}], "answers": answers}
    files = {"script.js": script({"init": body}), "preview/a.json": as_json(fixture)}
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:  # fmt: skip
        walked(page, origin, "lcard")
        said = page.evaluate("window.said")
    told = dict(zip(said[::2], said[1::2], strict=True))
    assert told.pop("account")["subdomain"] == "example"
    assert told.pop("task")["text"] == "t"
    assert told == {
        "lead": {"id": 5, "name": "Five", "updated_at": 1},
        "none": 204,
        "other 201Z": {"b": 2},
        "post": {"c": 3},
        "token": "text",
    }


def test_the_api_before_2019_answers_in_its_own_shape(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""async () => {
      const get = (path) => fetch(path).then((answer) => (answer.status === 200 ? answer.json() : answer.status));
      const account = await get('/api/v2/account?with=users,pipelines');
      const { account: old } = (await get('/private/api/v2/json/accounts/current')).response;
      const leads = await get('/api/v2/leads?id=1002');
      const pipelines = await get('/api/v2/pipelines');
      return [account.current_user, account._embedded.users[9000002].login, Object.keys(account._embedded), old.subdomain,
        old.users.length, old.leads_statuses.length, leads._embedded.items.map((one) => one.name),
        pipelines._embedded.items[7100002].statuses[62000001].name, await get('/api/v2/nothing')];
    }""")
    assert found == [
        9000001, "sales@example.org", ["users", "pipelines"], "example", 3, 10, ["Yearly maintenance"], "Due soon", 404,
    ]  # fmt: skip


def test_an_answer_comes_in_the_type_that_was_asked_for(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""() => Promise.all(['', 'json', 'arraybuffer', 'blob'].map((type) => new Promise((resolve) => {
      const request = new XMLHttpRequest();
      request.open('GET', '/api/v4/users/9000001');
      request.responseType = type;
      request.onload = async () => resolve(type === 'arraybuffer' ? request.response.byteLength > 9
        : type === 'blob' ? JSON.parse(await request.response.text()).id
        : type === 'json' ? request.response.id : JSON.parse(request.responseText).id);
      request.send();
    })))""")
    assert found == [9000001, 9000001, True, 9000001]


def test_a_request_that_was_stopped_or_opened_anew_has_one_answer(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""async () => {
      const said = [];
      const request = new XMLHttpRequest();
      request.onabort = () => said.push('stopped');
      request.onload = () => said.push(JSON.parse(request.responseText).id);
      const ask = (id) => { request.open('GET', `/api/v4/users/${id}`); request.send(); };
      ask(9000001);
      request.abort();
      ask(9000002);
      ask(9000003);
      await new Promise((resolve) => setTimeout(resolve, 300));
      request.abort();
      const control = new AbortController();
      const fetched = fetch('/api/v4/users/9000001', { signal: control.signal }).catch((error) => error.name);
      control.abort();
      return [said, request.readyState, await fetched, (await fetch('/api/v4/users/9000001', null)).status];
    }""")
    assert found == [["stopped", 9000003], 0, "AbortError", 200]


def test_the_stage_is_at_rest_after_requests_of_every_kind(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""async () => {
      const { idle } = await import('/page/stage/idle.js');
      const open = (path, isLater) => { const one = new XMLHttpRequest(); one.open('GET', path, isLater); return one; };
      open('/page/stage.css', false).send();
      open('/page/stage.css', true).send();
      const twice = open('/page/stage.css', true);
      twice.send();
      twice.open('GET', '/page/stage.css', true);
      open('/page/stage.css', true);
      let isThere = false;
      fetch('/page/stage.css').then(() => new Promise((resolve) => setTimeout(resolve, 50))).then(() => (isThere = true));
      return [await idle(), isThere];
    }""")
    assert found == [True, True]


def test_the_selected_rows_are_what_list_selected_gives(page: Page, cache: str, tmp_path: Path) -> None:
    bodies = {"leads": ""}
    text = script(bodies).replace(
        b"leads: function (a, b) {\n\n}", b"leads: { selected: function () { window.chosen = self.list_selected(); } }"
    )
    files = {"script.js": text}
    with shown(folder(tmp_path / "w", widget({"locations": ["llist-1", "settings"]}, None, dict(files))), cache) as origin:  # fmt: skip
        page.goto(f"{origin}/stage?area=llist&locale=en")
        page.evaluate("window.widgetpack.ready")
        assert page.locator(".list-multiple-actions__item").is_disabled()
        page.check("#table_item_1002")
        page.click(".list-multiple-actions__item")
        assert page.evaluate("window.chosen") == {
            "selected": [{"id": 1002, "type": "lead", "name": "Yearly maintenance", "phones": [], "emails": []}],
            "count_selected": 1,
            "summary": {"items": 1, "emails": 0, "phones": 0},
        }


def test_the_selected_contacts_are_counted_and_checked_in_the_open_list(page: Page, cache: str, tmp_path: Path) -> None:
    files = {"script.js": script({"init": "window.mine = self; return true;"})}
    with shown(folder(tmp_path / "w", widget({"locations": ["clist-1", "settings"]}, None, dict(files))), cache) as origin:  # fmt: skip
        page.goto(f"{origin}/stage?area=clist&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.check("#table_item_2001")
        page.check("#table_item_2003")
        summary = page.evaluate("window.mine.list_selected().summary")
        rows = page.evaluate("APP.data.current_list.map((one) => [one.id, one.get('name'), one.get('checked')])")
        assert summary == {"items": 2, "emails": 1, "phones": 1}
        assert rows == [[2001, "Robin Sample", True], [2002, "Kim Placeholder", False], [2003, "Sam Template", True]]
        assert page.evaluate("APP.data.current_card") is False


OF_CARDS = {
    "init": "window.mine = self; window.got = []; self.add_action('phone', function (given) { window.got.push(given); }); return true;"
}


def test_a_call_from_a_card_says_whose_number_it_is(page: Page, cache: str, tmp_path: Path) -> None:
    locations = ["lcard-1", "comcard-1", "clist-0", "settings"]
    texts = {"widget": {"call_action": "Ring"}}
    home = folder(tmp_path / "w", widget({"locations": locations}, texts, {"script.js": script(OF_CARDS)}))
    with shown(home, cache) as origin:
        page.goto(f"{origin}/stage?area=lcard&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("text=Robin Sample >> xpath=.. >> role=button[name='Call +1 555 0100']")
        of_contact = {"value": "+1 555 0100", "element_type": 1, "element_id": 2001, "entity": "lcard"}
        assert page.evaluate("window.got") == [of_contact]
        page.goto(f"{origin}/stage?area=comcard&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("#edit_card [data-pei-code=phone] button")
        of_company = {"value": "+1 555 0110", "element_type": 3, "element_id": 3001, "entity": "comcard"}
        assert page.evaluate("window.got") == [of_company]
        page.goto(f"{origin}/stage?area=clist&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("tr[data-id='2002'] button[aria-label^=Call]")
        assert page.locator("tr[data-id='2002'] button").first.get_attribute("title") == "Ring"
        of_row = {"value": "+1 555 0101", "element_type": 1, "element_id": 2002, "entity": "clist"}
        assert page.evaluate("window.got") == [of_row]


SENDING: dict[str, tuple[str, list[str]]] = {
    "return Promise.resolve();": ("The promise was kept.", []),
    "return Promise.reject(new Error('no'));": (
        "The promise was broken.",
        ["error error Error: no at script.js:6"],
    ),
    "return 1;": (
        "The widget gave no promise: nobody knows what was sent.",
        ["warning callback source sms not a promise: the platform waits for one"],
    ),
}


@pytest.mark.parametrize("handler", SENDING)
def test_a_source_of_messages_is_offered_below_the_feed(page: Page, cache: str, tmp_path: Path, handler: str) -> None:
    words, told = SENDING[handler]
    body = f"self.add_source('sms', function (given) {{ window.got = given; {handler} }}); return true;"
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})})), cache) as origin:
        page.goto(f"{origin}/stage?area=lcard&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("text=Send an SMS")
        page.wait_for_function("document.querySelector('.feed-compose__message').textContent !== 'Write a note'")
        assert page.locator(".feed-compose__message").inner_text() == words
        assert page.evaluate("window.got") == {"phone": 15550100, "message": "Hello from the sandbox", "contact_id": 2001}  # fmt: skip
        events = page.evaluate("window.widgetpack.settled().then(() => window.widgetpack.events)")
        assert [line for line in problems(events) if "leak" not in line] == told


def test_a_card_without_a_source_of_messages_offers_none(page: Page, sample: Previewing) -> None:
    walked(page, sample.origin, "lcard")
    assert page.locator(".feed-compose__source").count() == 0


def test_a_source_of_another_kind_fills_its_control_itself(page: Page, cache: str, tmp_path: Path) -> None:
    body = "self.add_source('email', function ($place) { $place.append('<b>Letter</b>'); }, 'My post'); return true;"
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})})), cache) as origin:
        page.goto(f"{origin}/stage?area=lcard&locale=en")
        page.evaluate("window.widgetpack.ready")
        page.click("text=My post")
        assert page.locator(".feed-compose").inner_text().split() == ["Note", "My", "post", "Letter"]
        assert problems(page.evaluate("window.widgetpack.events")) == []


def test_answers_that_must_be_promises_are_told_where_they_are_none(page: Page, cache: str, tmp_path: Path) -> None:
    names = ("loadPreloadedData", "loadElements", "linkCard", "searchDataInCard")
    bodies = dict.fromkeys(names, "return [];")
    changes = {"locations": ["lcard-1", "card_sdk", "settings"]}
    with shown(folder(tmp_path / "w", widget(changes, None, {"script.js": script(bodies)})), cache) as origin:
        told = problems(walked(page, origin, "card_sdk"))
    assert told == [f"warning callback {name} not a promise: the platform waits for one" for name in names]


def test_the_tab_of_a_card_has_the_code_of_the_widget_to_be_drawn_into(page: Page, cache: str, tmp_path: Path) -> None:
    promise = "return Promise.resolve([]);"
    bodies = {
        "loadPreloadedData": f"$('#' + self.get_settings().widget_code).text('drawn'); {promise}",
        "loadElements": f"console.log(a.type, b); {promise}", "linkCard": promise, "searchDataInCard": promise,
    }  # fmt: skip
    changes = {"locations": ["lcard-1", "card_sdk", "settings"]}
    with shown(folder(tmp_path / "w", widget(changes, None, {"script.js": script(bodies)})), cache) as origin:
        events = walked(page, origin, "card_sdk")
        assert page.locator("#preview_good").inner_text() == "drawn"
    assert problems(events) == []
    assert [event["message"] for event in events if event["kind"] == "console"] == ["leads 1001"]


def test_a_notification_says_when_it_is_kept(page: Page, cache: str, tmp_path: Path) -> None:
    body = """var say = function (word) { return function () { console.log(word); }; };
APP.notifications.add_error({ header: 'x', text: 'no' }, { done: say('done'), fail: say('fail'), always: say('always') });
return true;"""
    with shown(folder(tmp_path / "w", widget(None, None, {"script.js": script({"init": body})})), cache) as origin:
        events = walked(page, origin, "lcard")
    assert [event["message"] for event in events if event["kind"] == "console"] == ["done", "always"]


def test_app_knows_the_card_that_is_open_and_who_is_there(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    page.fill("[name='lead[NAME]']", "Not yet saved")
    found = page.evaluate("""() => {
      const { current_card: card, current_list: list, current_view: view } = APP.data;
      const { sdk } = AMOCRM;
      return {
        card: [card.id, card.new_card, card.model.get('lead[NAME]'), card.model.get('MAIN_USER')],
        list, view: view.$el.attr('id'),
        status: [sdk.showUserStatus('online'), sdk.showUserStatus(9000002), sdk.showUserStatus(9000001), sdk.showUserStatus(5)],
      };
    }""")
    assert found == {
        "card": [1001, False, "Not yet saved", 9000001],
        "list": False,
        "view": "page_content",
        "status": [
            [9000001], False, True,
            {str(number): {"id": number, "online": number == 9000001} for number in (9000001, 9000002, 9000003)},
        ],
    }  # fmt: skip


def test_an_empty_list_of_leads_opens_a_new_card(page: Page, cache: str, tmp_path: Path) -> None:
    files = {"script.js": script({"render": "return !APP.data.current_card.new_card;"}), "preview/a.json": as_json({"leads": []})}  # fmt: skip
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:
        told = problems(walked(page, origin, "lcard"))
        assert told == ["error callback render not true: init and bind_actions do not run"]
        assert page.evaluate("APP.data.current_card.id") == 0


def test_methods_of_the_widget_give_what_is_documented(page: Page, cache: str, tmp_path: Path) -> None:
    body = """window.mine = self; window.got = [];
self.crm_post('https://a.example/x', {}, function () { window.got.push('done'); }, 'json', function (request, how) { window.got.push([request.status, how]); });
self.crm_post('https://a.example/y', {}, function (answer) { window.got.push(answer); }, 'json');
return true;"""
    answers = {"POST https://a.example/x": {"body": "plain"}, "POST https://a.example/y": {"body": {"a": 1}}}
    files = {"script.js": script({"init": body}), "preview/a.json": as_json({"answers": answers})}
    for locations, expected in (
        (["lcard-1", "settings"], "the widget is no source: `locations` does not name `lead_sources`"),
        (["lcard-1", "lead_sources", "settings"], 7100001),
    ):
        home = folder(tmp_path / str(len(locations)), widget({"locations": locations}, None, dict(files)))
        with shown(home, cache) as origin:
            page.goto(f"{origin}/stage?area=lcard&locale=en")
            page.evaluate("window.widgetpack.ready")
            assert page.evaluate("window.mine.get_pipeline_id().catch((error) => error.message)") == expected
            assert page.evaluate("window.got") == [[200, "parsererror"], {"a": 1}]
            contacts = page.evaluate("window.mine.get_current_card_contacts_data()")
    assert contacts == [
        {
            "id": 2001, "name": "Robin Sample", "first_name": "Robin", "last_name": "Sample",
            "phones": ["+1 555 0100"], "emails": ["robin@example.com"],
        }
    ]  # fmt: skip


def test_rows_that_a_widget_adds_to_its_step_stand_above_the_button(page: Page, cache: str, tmp_path: Path) -> None:
    bodies = {
        "salesbotDesignerSettings": "a.append(b('extra', '1')); return { exits: [{ code: 'x', title: 'X' }] };",
        "onSalesbotDesignerSave": "return '[]';",
    }
    steps = {"h": {"name": "settings.token", "settings": {"q": {"name": "settings.token", "type": "text"}}}}
    changes = {"locations": ["salesbot_designer", "settings"], "salesbot_designer": steps}
    with shown(folder(tmp_path / "w", widget(changes, None, {"script.js": script(bodies)})), cache) as origin:
        walked(page, origin, "salesbot_designer", walk=False)
        order = page.eval_on_selector_all("form [name], form button", "all => all.map((one) => one.name || one.innerText)")  # fmt: skip
    assert order == ["q", "extra", "Save"]


def test_the_fields_are_there_before_the_installation_and_hidden(page: Page, cache: str, tmp_path: Path) -> None:
    body = "window.values = (window.values || []).concat($('[name=token]').val());"
    files = {"script.js": script({"settings": body}), "preview/a.json": as_json({"installed": False, "settings": {"token": "x"}})}  # fmt: skip
    with shown(folder(tmp_path / "w", widget(None, None, dict(files))), cache) as origin:
        page.goto(f"{origin}/stage?area=settings&locale=en")
        page.evaluate("window.widgetpack.ready")
        assert page.locator("[name=token]").is_hidden()
        page.click(".js-widget-install")
        page.wait_for_selector("[name=token]", state="visible")
        page.wait_for_function("window.values.length === 2")
        assert page.evaluate("window.values") == ["x", "x"]


@pytest.mark.parametrize(
    ("value", "faults"),
    [
        ("'[]'", ["an empty array: the bot has nothing to do"]),
        ("undefined", ["nothing, not a text: JSON.stringify the steps"]),
        ("[{}]", ["object, not a text: JSON.stringify the steps"]),
        ("'{}'", ["not an array of steps"]),
        ("JSON.stringify([{execute_handler: []}])", ["step 0: execute_handler is saved and never runs, question is expected"]),
        ("JSON.stringify([{question: [{handler: 'goto', params: {type: 'question', step: 1}}]}])", ["step 0: goto step 1, and there are 1"]),
        ("JSON.stringify([{question: [{handler: 'widget_request', params: {url: 'http://a'}}]}])", ['step 0: widget_request to "http://a", not to an https address']),
        ("JSON.stringify([{question: [{handler: 'nothing'}]}])", ["step 0: nothing is no handler that is documented"]),
        ("JSON.stringify([{question: [{handler: 'show', params: {}}, {handler: 'exits', params: {value: 'x'}}]}])", []),
    ],
)  # fmt: skip
def test_a_program_of_a_bot_is_judged(page: Page, sample: Previewing, value: str, faults: list[str]) -> None:
    page.goto(f"{sample.origin}/stage?area=integrations")
    judge = f"import('/page/stage/program.js').then((it) => it.judgeProgram({value}).faults)"
    assert page.evaluate(judge) == faults


def test_the_platforms_controls_and_windows_work(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    page.evaluate("""() => new Promise((resolve) => require(['lib/components/base/modal', 'twigjs'], (Modal, twig) => {
      window.heard = [];
      const html = twig({ ref: '/tmpl/controls/select.twig' }).render({ name: 'x', items: [{ id: 1, option: 'One' }, { id: 2, option: '<b>Two' }], selected: 2 })
        + twig({ ref: '/tmpl/controls/input.twig' }).render({ name: 'y', value: '"q"' })
        + twig({ ref: '/tmpl/controls/checkbox.twig' }).render({ name: 'z', text: 'Zed', checked: true });
      window.modal = new Modal({ class_name: 'mine', init($body) { $body.trigger('modal:loaded').html(html).trigger('modal:centrify'); }, destroy() { window.heard.push('destroyed'); } });
      $('[name=x]').on('change', function () { window.heard.push($(this).val()); });
      resolve();
    }))""")
    assert page.locator(".mine .control--select--button").inner_text() == "<b>Two"
    assert page.evaluate("[$('[name=x]').val(), $('[name=y]').val(), $('[name=z]').prop('checked')]") == [
        "2",
        '"q"',
        True,
    ]
    page.click(".mine .control--select--button")
    page.click(".mine .control--select--list--item >> text=One")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert page.evaluate("window.heard") == ["1", "2", "destroyed"]
    assert page.locator(".mine").count() == 0


def test_the_page_has_the_platforms_libraries_in_its_versions(page: Page, sample: Previewing) -> None:
    page.goto(f"{sample.origin}/stage?area=lcard&locale=en")
    page.evaluate("window.widgetpack.ready")
    found = page.evaluate("""() => new Promise((resolve) => require(
      ['backbone', 'underscore', 'moment', 'moment-timezone', 'chartjs', 'twigjs', 'text!/upl/x/1/widget/templates/notice.twig', 'json!/upl/x/1/widget/manifest.json'],
      (backbone, underscore, moment, zones, Chart, twig, text, json) => resolve([requirejs.version, $.fn.jquery, backbone.VERSION,
        underscore.VERSION, moment.version, moment === zones, typeof Chart, twig === window.twig && twig.twig === twig,
        typeof Twig.Templates.registry, text.slice(0, 2), json.widget.version])))""")
    assert found == [
        "2.3.8", "2.1.3", "1.1.2", "1.9.1", "2.24.0", True, "function", True, "object", "{#", "1.0.0",
    ]  # fmt: skip
