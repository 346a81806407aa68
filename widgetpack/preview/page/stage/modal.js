// lib/components/base/modal: the platform's window over the page.
import { emit } from './events.js';
import { tellError } from './errors.js';

export class Modal {
  constructor({ class_name: name = '', init, destroy, ...rest } = {}) {
    this.options = { class_name: name, init, destroy, ...rest };
    this.$modal = window
      .jQuery('<div class="modal" role="dialog" aria-modal="true" tabindex="-1"></div>')
      .addClass(name);
    this.$modal.append(
      '<div class="modal-scroller custom-scroll"><div class="modal-body modal-body-relative"></div></div>',
    );
    this.$body = this.$modal_body = this.$modal.find('.modal-body');
    this.before = document.activeElement;
    // What the platform's own window does on these: it shows the body, and centres it. Ours always does.
    this.$modal.on('modal:loaded modal:centrify', (event) => {
      event.stopPropagation();
    });
    this.$modal.on('click', '.modal-body__close, .js-modal-cancel', () => this.destroy());
    this.$modal.on('keydown', (event) => {
      // jQuery takes `false` for "stop": no value may come back
      if (event.key === 'Escape') {
        this.destroy();
      }
    });
    this.$modal.find('.modal-scroller').on('mousedown', (event) => {
      if (event.target === event.currentTarget && !rest.disable_overlay_click) {
        this.destroy();
      }
    });
    window.jQuery('body').append(this.$modal);
    emit('call', 'info', { name: 'new Modal', given: JSON.stringify(name) });
    this.#run('init', [this.$body]);
    this.$modal[0].focus();
  }

  #run(name, given) {
    try {
      this.options[name]?.apply(this, given);
    } catch (error) {
      tellError(error, `${name} of a Modal`);
    }
  }

  destroy() {
    if (!this.$modal.parent().length) {
      return;
    }
    this.#run('destroy', []);
    this.$modal.remove();
    if (this.before instanceof HTMLElement) {
      this.before.focus();
    }
  }

  showSuccess(text = '', isLasting = false, milliseconds = 3000) {
    this.#say(text || 'Saved', 'modal-body__result_success', isLasting ? 0 : milliseconds);
  }

  showError(text = '', isRepeatable = false) {
    this.#say(text || 'An error occurred', 'modal-body__result_error', isRepeatable ? 0 : 4000);
  }

  #say(text, name, milliseconds) {
    emit('call', 'info', { name: 'modal message', given: JSON.stringify(text) });
    this.$body.html(window.jQuery('<div class="modal-body__result" role="status"></div>').addClass(name).text(text));
    if (milliseconds) {
      setTimeout(() => this.destroy(), milliseconds);
    }
  }
}
