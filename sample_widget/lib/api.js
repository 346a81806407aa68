// The account's own API, on the page's own origin: the session of the user is the authorisation, no token is needed.
// (A widget with a server of its own would call it through widget.$authorizedAjax, which adds a one-time token.)
define(['jquery', './defaults.js'], function ($, defaults) {
  'use strict';

  // One request; a native promise, because a throw inside jQuery 2 callbacks is not a rejection.
  function call(method, path, body) {
    return Promise.resolve($.ajax({
      url: '/api/v4' + path,
      method: method,
      dataType: 'json',
      contentType: 'application/json',
      data: body === undefined ? undefined : JSON.stringify(body)
    }));
  }

  return {
    // The facts of a card that the panel needs; times in Unix seconds, nextTaskAt is 0 where no task is open.
    card: function (place) {
      return call('GET', '/' + place.entity + '/' + place.id).then(function (found) {
        if (!found) {
          // 204 No Content: deleted, or not visible to this user.
          throw new Error('no such card');
        }
        return {
          name: found.name || '',
          updatedAt: found.updated_at,
          nextTaskAt: found.closest_task_at || 0,
          pipelineId: found.pipeline_id || 0
        };
      });
    },

    // Creates one task for `place`; resolves when the account has stored it.
    createTask: function (place, task) {
      return call('POST', '/tasks', [{
        task_type_id: defaults.taskType,
        text: task.text,
        complete_till: task.dueAt,
        responsible_user_id: task.userId,
        entity_id: place.id,
        entity_type: place.entity
      }]);
    },

    // The pipelines in use, as [{id, name}], in the account's order.
    pipelines: function () {
      return call('GET', '/leads/pipelines').then(function (found) {
        return ((found && found._embedded.pipelines) || []).filter(function (pipeline) {
          return !pipeline.is_archive;
        }).map(function (pipeline) {
          return { id: pipeline.id, name: pipeline.name };
        });
      });
    },

    // Stores the values of the settings fields. Only administrators may: for others the promise is rejected.
    saveSettings: function (code, fields) {
      return call('POST', '/widgets/' + encodeURIComponent(code), fields);
    }
  };
});
