import { announce } from '../ui/announce.js';
import { copyText } from '../ui/copy.js';
import { confirmAction, openDialog } from '../ui/dialogs.js';
import { h, icon } from '../ui/dom.js';
import { timeElement } from '../ui/times.js';
import { toast, toastError } from '../ui/toasts.js';
import { domainSection } from './domain-section.js';
import { isError, questionFor, summaryOf, targetOf } from './finding-words.js';
import { findingsList } from './findings-list.js';
import { Gate } from './gate.js';
import { historyList } from './history-list.js';
import { stateOf } from './publication.js';
import { openSharing } from './sharing-dialog.js';
import { SlugField } from './slug-field.js';
import { slugFor } from './slugs.js';

const SLUG_ERRORS = new Set(['slug_taken', 'slug_reserved', 'invalid_slug']);

const CHECK_WORDS = { offline: 'Check only', behind: 'Check only', current: 'Check the pages' };

/** The dialog in which a website is checked, published, updated, rolled back, moved to another address and taken offline. */
export class PublishDialog {
  #root = h('div', { class: 'publishing' });
  #problem = h('p', { class: 'publishing-problem', role: 'alert', hidden: true });
  #slug;
  #close = () => {};
  #isBusy = false;
  #isJustChecked = false;
  #left = new AbortController();

  /** `owner` is the PublishButton: it has the `page`, the `publication`, the `address` of the checks' frame, what was `checked` and the `wantedSlug`. */
  constructor(owner) {
    this.owner = owner;
    this.page = owner.page;
    this.publication = owner.publication;
    this.#slug = new SlugField(this.publication.current?.slug ?? owner.wantedSlug ?? slugFor(this.page.website.name), (slug) => { owner.wantedSlug = slug; }, (slug, signal) => this.publication.checkSlug(slug, signal));
  }

  open() {
    const done = openDialog('Publish', (close) => {
      this.#close = close;
      return [this.#root];
    });
    this.#draw();
    return done.finally(() => {
      this.#left.abort();
      this.#slug.leave();
    });
  }

  get #newest() {
    return this.page.versions.rows[0];
  }

  get #report() {
    const { checked } = this.owner;
    return checked?.versionId === this.#newest.id ? checked.report : null;
  }

  #draw() {
    const state = stateOf(this.publication.current, this.#newest.id);
    const report = this.#report;
    const findings = report && findingsList(report, { show: (finding) => this.#show(finding), fix: (finding) => this.#fix(finding) });
    // What is live all the same doesn't push away the rest.
    const isFolded = state === 'current' && !this.#isJustChecked;
    const opened = [...this.#root.querySelectorAll('details[open] > summary')].map(({ textContent }) => textContent);
    this.#problem.hidden = true;
    this.#root.replaceChildren(
      state === 'offline' ? this.#offline() : this.#live(state),
      report && !isFolded ? findings : '',
      this.#problem,
      this.#actions(state, report),
      report?.findings.length && isFolded ? h('details', { class: 'publishing-more' }, h('summary', {}, summaryOf(report.findings)), findings) : '',
      ...(this.publication.current ? [this.#address(), domainSection(this.page.website.id), this.#history()] : []),
    );
    for (const details of this.#root.querySelectorAll('details')) details.open = opened.includes(details.firstChild.textContent);
    // The button that was pressed is gone.
    const hasFocus = this.#root.contains(document.activeElement);
    if (this.#root.isConnected && !hasFocus) this.#root.querySelector('.dialog-actions .primary, .dialog-actions .button:last-child').focus();
  }

  #offline() {
    return h('div', { class: 'publishing-part' },
      h('p', {}, 'Only you see this website. Published, everybody can see it, and you decide when they see something newer.'),
      this.#slug.root);
  }

  #live(state) {
    const { url, version_id: id, published_at: at } = this.publication.current;
    const live = this.page.versions.find(id);
    const since = timeElement(at);
    return h('div', { class: 'publishing-part' },
      h('p', { class: 'live-line' }, h('span', { class: 'live-dot' }), h('span', {}, live ? `Version ${live.number} is live, since ` : 'Live since ', since, '.')),
      state === 'behind' && h('p', {}, `Version ${this.#newest.number} is newer. Nobody but you sees it yet.`),
      h('div', { class: 'share-link' },
        h('input', { class: 'input', readonly: true, value: url, 'aria-label': 'Address of your website' }),
        h('button', { type: 'button', class: 'button', onclick: () => copyText(url, 'Address copied') }, icon('copy'), 'Copy'),
        h('a', { class: 'button', href: url, target: '_blank', rel: 'noopener' }, icon('external'), 'Open')));
  }

  #actions(state, report) {
    const { id, number } = this.#newest;
    const hasErrors = report?.findings.some(isError);
    const verb = state === 'behind' ? `Update to version ${number}` : `Publish version ${number}`;
    const publish = hasErrors
      ? h('button', { type: 'button', class: 'button', onclick: () => this.#publish(id) }, state === 'behind' ? 'Update anyway' : 'Publish anyway')
      : h('button', { type: 'button', class: 'button primary', autofocus: true, onclick: () => this.#checkAndPublish() }, verb);
    return h('div', { class: 'dialog-actions' },
      h('button', { type: 'button', class: 'button quiet', onclick: () => this.#openSharing() }, icon('search'), 'Search and sharing'),
      h('button', { type: 'button', class: `button${hasErrors && state !== 'current' ? ' primary' : ' quiet'}`, onclick: () => this.#check() }, report ? 'Check again' : CHECK_WORDS[state]),
      state === 'current' ? h('button', { type: 'button', class: 'button primary', onclick: () => this.#close(null) }, 'Done') : publish);
  }

  #address() {
    const save = () => this.#slug.isFine && this.#try(async () => {
      const { slug: before, version_id: versionId } = this.publication.current;
      if (this.#slug.value === before) return;
      // Another version would go live without this one.
      await this.publication.publish({ versionId, slug: this.#slug.value });
      toast(`The address was changed. ${before} leads there for 30 days.`, { seconds: 8 });
    });
    const unpublish = async () => {
      const text = 'Nobody but you sees the website then. Its address stays yours for 30 days, and you can publish again at any time.';
      if (await confirmAction({ title: 'Take the website offline?', text, action: 'Take it offline' })) this.#try(async () => {
        await this.publication.unpublish();
        toast('The website is offline.');
      });
    };
    return h('details', { class: 'publishing-more' }, h('summary', {}, 'Change the address, or take it offline'),
      this.#slug.root,
      h('p', { class: 'field-note' }, 'The old address leads to the new one for 30 days.'),
      h('div', { class: 'publishing-row' },
        h('button', { type: 'button', class: 'button small', onclick: save }, 'Change the address'),
        h('button', { type: 'button', class: 'button small danger', onclick: unpublish }, 'Take the website offline')));
  }

  #history() {
    const list = h('div', {}, h('p', { class: 'field-note' }, 'Loading…'));
    const load = async ({ currentTarget }) => {
      if (!currentTarget.open) return;
      try {
        const events = await this.publication.history();
        list.replaceChildren(historyList(events, this.publication.current?.version_id, { rollBack: (event) => this.#rollBack(event), showInChat: (event) => this.#leave(() => this.page.app.showInChat(event)) }));
      } catch (error) {
        list.replaceChildren(h('p', { class: 'field-note is-problem' }, error.message));
      }
    };
    return h('details', { class: 'publishing-more', ontoggle: load }, h('summary', {}, 'What was live when'), list);
  }

  async #rollBack({ version_id: versionId, version_number: number }) {
    const rollBack = async () => {
      await this.publication.publish({ versionId });
      // What was found is of another version than the one that is live.
      this.owner.checked = null;
    };
    if (await this.#try(rollBack)) toast(`Version ${number} is live.`);
  }

  async #checkAndPublish() {
    if (!this.publication.current && !this.#slug.isFine) return;
    // A newer one that came meanwhile was not looked through.
    const { id } = this.#newest;
    const report = await this.#check();
    if (report && !report.findings.some(isError)) await this.#publish(id);
  }

  async #publish(versionId) {
    const slug = this.publication.current ? null : this.#slug.value;
    this.#isJustChecked = false;
    if (await this.#try(() => this.publication.publish({ versionId, slug }))) announce('Published');
  }

  /** Resolves what was found, null when it could not be checked. */
  async #check() {
    if (this.#isBusy) return null;
    this.#isBusy = true;
    const versionId = this.#newest.id;
    const words = h('p', { role: 'status' }, 'Reading the pages');
    const bar = h('progress', { max: 1, value: 0, 'aria-label': 'Checks' });
    const stage = h('div', { class: 'gate-stage', inert: true, 'aria-hidden': 'true' });
    const focused = h('button', { type: 'button', class: 'button quiet', onclick: () => this.#close(null) }, 'Cancel');
    this.#root.replaceChildren(h('div', { class: 'gate' }, stage, h('div', { class: 'gate-words' }, h('p', {}, 'Before everybody sees it, every page is looked through.'), bar, words)), h('div', { class: 'dialog-actions' }, focused));
    focused.focus();
    const onStep = (done, all, text) => {
      Object.assign(bar, { max: all, value: done });
      words.textContent = text;
    };
    try {
      const report = await new Gate({ stage, preview: this.page.preview, address: this.owner.address, onStep }).check(versionId, this.#left.signal);
      this.owner.checked = { versionId, report };
      this.#isJustChecked = true;
      announce(summaryOf(report.findings));
      this.#draw();
      return report;
    } catch (error) {
      if (!this.#left.signal.aborted) {
        this.#draw();
        this.#say(error);
      }
      return null;
    } finally {
      this.#isBusy = false;
    }
  }

  /** Do something, show what became of it, and resolve whether it worked. */
  async #try(run) {
    if (this.#isBusy) return false;
    this.#isBusy = true;
    try {
      await run();
      this.#draw();
      return true;
    } catch (error) {
      this.#say(error);
      return false;
    } finally {
      this.#isBusy = false;
    }
  }

  #say(error) {
    if (SLUG_ERRORS.has(error.code)) return this.#slug.refuse(error);
    this.#problem.textContent = error.message;
    this.#problem.hidden = false;
  }

  #show({ path, places }) {
    this.#leave(() => this.page.byHand.showPart(path, places[0]?.start));
  }

  #fix(finding) {
    const target = targetOf(finding, this.#newest.id);
    this.#leave(() => {
      this.page.panes.show('chat');
      this.page.composer.takeBack(questionFor(finding), target);
    });
  }

  #openSharing() {
    this.#leave(() => openSharing(this.page).catch(toastError).then(() => this.owner.open()));
  }

  #leave(run) {
    this.#close(null);
    run();
  }
}
