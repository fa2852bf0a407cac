// Decisions on their way to the app: kept in this browser until they are saved, and sent again until then.

const BATCH = 20;
const PAUSES = [1, 2, 4, 8, 15, 30];
const PREFIX = "uncia.unsaved.";

export class Saver {
  #waiting = [];
  #failed = 0;
  #size = BATCH;
  #busy = false;
  #timer = 0;
  #drawer = "";

  /**
   * `send(decisions)` promises what came of each, in order. `saved(decision, outcome)`, `refused(decision, sentence)` and
   * `state(waiting, sentence)` are told; a sentence says why what waits is not saved yet.
   */
  constructor({ send, saved, refused, state }) {
    Object.assign(this, { send, saved, refused, state });
    addEventListener("online", () => this.#now());
    addEventListener("beforeunload", (event) => { if (this.#waiting.length) event.preventDefault(); });
  }

  get waiting() { return this.#waiting; }

  add(...decisions) {
    this.#waiting.push(...decisions);
    this.#keep();
    this.state(this.#waiting.length, "");
    if (!this.#failed) this.#now();
  }

  /** Begins to keep what waits, and takes over what this person's tabs that were closed or reloaded could not save. */
  async open(who) {
    const own = `${PREFIX}${encodeURIComponent(who)}.`;
    this.#drawer = own + crypto.randomUUID();
    await new Promise((ready) => { navigator.locks?.request(this.#drawer, () => (ready(), new Promise(() => {}))) ?? ready(); });
    const held = new Set(((await navigator.locks?.query())?.held ?? []).map((lock) => lock.name));
    this.#keep();
    for (const drawer of Object.keys(localStorage).filter((key) => key.startsWith(own) && !held.has(key))) {
      const left = JSON.parse(localStorage.getItem(drawer));
      localStorage.removeItem(drawer);
      this.add(...left);
    }
  }

  #keep() {
    if (!this.#drawer) return;
    if (this.#waiting.length) localStorage.setItem(this.#drawer, JSON.stringify(this.#waiting));
    else localStorage.removeItem(this.#drawer);
  }

  #now() {
    clearTimeout(this.#timer);
    this.#work();
  }

  async #work() {
    if (this.#busy || !this.#waiting.length) return;
    this.#busy = true;
    const batch = this.#batch();
    try {
      const outcomes = await this.send(batch);
      this.#failed = 0;
      this.#size = BATCH;
      this.#done(batch);
      batch.forEach((one, place) => this.saved(one, outcomes[place]));
    } catch (error) {
      this.#failedWith(error, batch);
    }
    this.#busy = false;
    if (!this.#failed) this.#work();
  }

  /** The next decisions in their order, none about a sequence that another of them is about. */
  #batch() {
    const about = new Set();
    const batch = [];
    for (const one of this.#waiting.slice(0, this.#size)) {
      const sequence = `${one.camera}\n${one.sequence_id}`;
      if (about.has(sequence)) break;
      about.add(sequence);
      batch.push(one);
    }
    return batch;
  }

  #done(batch) {
    this.#waiting.splice(0, batch.length);
    this.#keep();
    this.state(this.#waiting.length, "");
  }

  #failedWith(error, batch) {
    // What the app will never take must not hold up the rest: alone, it is told and dropped.
    const hopeless = [400, 413].includes(error.status);
    if (hopeless && batch.length === 1) {
      this.#done(batch);
      this.refused(batch[0], error.message);
    } else if (hopeless) {
      this.#size = 1;
    } else {
      this.#failed += 1;
      this.state(this.#waiting.length, error.message);
      this.#timer = setTimeout(() => this.#now(), 1000 * PAUSES[Math.min(this.#failed, PAUSES.length) - 1]);
    }
  }
}
