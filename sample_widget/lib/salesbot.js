// The step in the Salesbot designer: asks a service to plan the follow-up and leaves through one of two exits.
define(function () {
  'use strict';

  // The designer hands over a field's value as it is, or wrapped as {value: ...} when the bot is saved again.
  function valueOf(params, name) {
    const raw = params && params[name];
    return String((raw && typeof raw === 'object' ? raw.value : raw) || '').trim();
  }

  function leave(exit) {
    return { handler: 'exits', params: { value: exit } };
  }

  return {
    // The program of the step as JSON text. The platform keeps this text in the bot: after an update of the widget a bot
    // runs the old one until somebody saves the bot again.
    steps: function (params) {
      const url = valueOf(params, 'service_url');
      if (!/^https:\/\//.test(url)) {
        // The platform refuses to call anything but https; leaving at once keeps the conversation going.
        return JSON.stringify([{ question: [leave('fail')], require: [] }]);
      }
      return JSON.stringify([
        {
          question: [
            {
              handler: 'widget_request',
              params: {
                url: url,
                // The bot replaces the {{...}} marks when it runs.
                data: {
                  lead_id: '{{lead.id}}',
                  contact_id: '{{contact.id}}',
                  delay_days: valueOf(params, 'delay_days'),
                  task_text: valueOf(params, 'task_text')
                }
              }
            },
            { handler: 'goto', params: { type: 'question', step: 1 } }
          ],
          require: []
        },
        {
          // The service answers {"data": {"status": "success"}}; anything else, or no answer at all, is a failure.
          question: [
            {
              handler: 'conditions',
              params: {
                logic: 'and',
                conditions: [{ term1: '{{json.status}}', term2: 'success', operation: '=' }],
                result: [leave('success')]
              }
            },
            leave('fail')
          ],
          require: []
        }
      ]);
    },

    // Without this answer the designer draws an empty block.
    exits: function (widget) {
      const t = widget.i18n('salesbot');
      return {
        exits: [
          { code: 'success', title: t.success_callback_title },
          { code: 'fail', title: t.fail_callback_title }
        ]
      };
    }
  };
});
