// Draws the Twig files of templates/. They escape every value themselves (`|e`): whether the platform's Twig does so on
// its own is not documented, and names of leads and pipelines are typed by strangers.
define(function () {
  'use strict';

  return {
    // Resolves to the HTML of templates/<name>.twig with `data` filled in.
    draw: function (widget, name, data) {
      return new Promise(function (resolve) {
        widget.render({
          href: '/templates/' + name + '.twig',
          base_path: widget.params.path,
          v: widget.get_version(),
          load: function (template) {
            resolve(template.render(data));
          }
        }, data);
      });
    }
  };
});
