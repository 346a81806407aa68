// What the platform's controls do when they are used: a select opens, chooses, and fires `change` on its hidden field.
export function playControls() {
  document.addEventListener('click', clicked);
  document.addEventListener('keydown', pressed);
  document.addEventListener('change', changed);
}

function clicked(event) {
  const target = event.target instanceof Element ? event.target : null;
  const opened = target?.closest('.control--select, .checkboxes_dropdown, .control--suggest');
  document.querySelectorAll('.control--open').forEach((one) => one !== opened && toggle(one, false));
  if (!opened) {
    return;
  }
  const item = target.closest('.control--select--list--item');
  if (item) {
    choose(opened, item);
  } else if (
    target.closest('.control--select--button, .checkboxes_dropdown__title_wrapper, .control--suggest--input')
  ) {
    toggle(opened, !opened.classList.contains('control--open'));
  } else {
    suggest(opened, target.closest('.control--suggest--list--item'));
  }
}

function suggest(control, item) {
  if (item) {
    const input = control.querySelector('.control--suggest--input');
    input.value = item.textContent.trim();
    input.dispatchEvent(new Event('change', { bubbles: true }));
    toggle(control, false);
  }
}

function toggle(control, isOpen) {
  control.classList.toggle('control--open', isOpen);
  control.querySelector('button')?.setAttribute('aria-expanded', String(isOpen));
}

function choose(control, item) {
  const { value } = item.dataset;
  control
    .querySelectorAll('.control--select--list--item')
    .forEach((one) => one.classList.toggle('control--select--list--item-selected', one === item));
  const button = control.querySelector('.control--select--button');
  button.dataset.value = value;
  button.querySelector('.control--select--button-inner').textContent = item.textContent.trim();
  const input = control.querySelector('.control--select--input');
  input.value = value;
  toggle(control, false);
  button.focus();
  // jQuery's own trigger: handlers that widgets bind with it hear no native event of a hidden field otherwise.
  window.jQuery(input).trigger('change').trigger('controls:change');
}

function pressed(event) {
  const control = event.target instanceof Element ? event.target.closest('.control--select') : null;
  if (!control) {
    return;
  }
  const items = [...control.querySelectorAll('.control--select--list--item')];
  const at = items.indexOf(document.activeElement);
  if (event.key === 'Escape') {
    toggle(control, false);
    control.querySelector('button').focus();
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    toggle(control, true);
    items.at(event.key === 'ArrowDown' ? (at + 1) % items.length : at - 1)?.focus();
    event.preventDefault();
  } else if ((event.key === 'Enter' || event.key === ' ') && at >= 0) {
    choose(control, items[at]);
    event.preventDefault();
  }
}

function changed(event) {
  const list = event.target instanceof Element ? event.target.closest('.checkboxes_dropdown') : null;
  if (list) {
    titles(list);
  }
}

export function titles(root) {
  const lists = root.matches?.('.checkboxes_dropdown') ? [root] : [...root.querySelectorAll('.checkboxes_dropdown')];
  lists.forEach((list) => {
    const names = [...list.querySelectorAll('input:checked')].map((one) => one.parentElement.textContent.trim());
    list.querySelector('.checkboxes_dropdown__title').textContent = names.join(', ') || list.dataset.empty || '';
  });
}
