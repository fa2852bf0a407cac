// Talking to the app: answers, and mistakes that a person can read.

/** A request that was answered with a refusal: `status` is HTTP's, 0 where no answer came. */
export class NotAnswered extends Error {
  constructor(sentence, status) {
    super(sentence);
    this.status = status;
  }
}

const TIMEOUT = 30_000;
// Too many at once: the app says for how long, a second or two, and a person need not know.
const PATIENCE = 20;
const BUSY = 429;
let name = "";

/** On one machine nobody signs in: who reviews is said with every request. */
export const reviewing = (as) => { name = as; };

export async function ask(path, { query = {}, body } = {}) {
  const asked = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const headers = { "X-Uncia": "1" };
  if (name) headers["X-Uncia-Name"] = encodeURIComponent(name);
  if (body) headers["Content-Type"] = "application/json";
  const request = { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) };
  const answer = await patiently(`/api/${path}?${new URLSearchParams(asked)}`, request);
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) return told;
  if (answer.status === 401 && !told) throw new NotAnswered("You are signed out: open this page in a new tab and sign in.", 401);
  throw new NotAnswered(told?.error ?? `Uncia answered with an error (${answer.status}).`, answer.status);
}

/** An answer of the app, asked for again for as long as it says that it is busy. */
export async function patiently(address, request = {}) {
  let answer;
  for (let tries = 1; !answer || (answer.status === BUSY && tries <= PATIENCE); tries += 1) {
    if (answer) await new Promise((go) => { setTimeout(go, 1000 * (Number(answer.headers.get("Retry-After")) || 1)); });
    try {
      answer = await fetch(address, { ...request, signal: AbortSignal.timeout(TIMEOUT) });
    } catch {
      throw new NotAnswered("Uncia does not answer: is the network down?", 0);
    }
  }
  return answer;
}

export const picture = (kind, camera, frame) => `/api/${kind}?${new URLSearchParams({ camera, frame })}`;
