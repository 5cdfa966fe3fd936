/** Answers on their way to the server: written down in the browser before they are sent, erased once the server has said
 *  that they are stored. They are kept by person and attempt, because phones are shared: what another person left is never
 *  sent and never shown, and it is thrown away when its time is long over. A browser without IndexedDB keeps them in the
 *  open page only. Imported by quiz.js and countdown.js; main.js asks guardSignOut wherever something is left waiting. */

const RETRY = [1_000, 2_000, 5_000, 10_000, 20_000];
/** How long an answer of the server is waited for before the line counts as down (ms). */
const PATIENCE = 20_000;
/** How long the browser's store may take to open before it counts as absent (ms). */
const OPENING = 2_000;
/** How long after its deadline what nobody came back for is kept (ms). */
const LONG_OVER = 86_400_000;
const KEY = ["person", "attempt", "position"];

/** Milliseconds before the next try. */
export function pause(tries) {
  return RETRY[Math.min(tries, RETRY.length - 1)];
}

/** What is said about so many answers on their way after so many failed tries. savedAt: 20:14:07 or nothing yet. */
export function stateWords(waiting, tries, savedAt) {
  if (waiting && tries) return `网络不通，${waiting} 题等待发送，正在重试…`;
  if (waiting) return waiting === 1 ? "正在保存…" : `正在保存，${waiting} 题等待发送…`;
  return savedAt ? `已保存 ${savedAt}` : "选好就保存";
}

/** Ask before somebody signs out while answers wait in this browser. */
export function guardSignOut() {
  if (guardSignOut.stands) return;
  guardSignOut.stands = true;
  document.addEventListener("submit", (event) => {
    if (!event.target.action.endsWith("/logout") || !remembered("waiting")) return;
    if (confirm("还有答案没有发出。现在退出，要等您在这台手机上重新登录并打开试卷才会再发。确定退出吗？")) note(0);
    else event.preventDefault();
  });
}

/** Whether something waits is noted where every page can see it. */
const note = (waiting) => remember("waiting", waiting ? "yes" : "");

/** A word this browser was to remember, or nothing. */
export function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Remember a word, or forget it when it is empty, where the browser has a place for it. */
export function remember(name, word) {
  try {
    if (word) localStorage.setItem(name, word);
    else localStorage.removeItem(name);
  } catch { /* no storage: the open page knows it, the next one begins anew */ }
}

/** A word told apart from every other. */
export function fresh() {
  return crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
}

/** Call older() when the same attempt is opened in another page of this browser. The pages tell each other by what they note in
 *  the browser, or over a channel where it notes nothing; where it has neither, the sequence numbers alone keep order. */
export function watchOthers(attempt, older) {
  const own = `${attempt} ${fresh()}`;
  const heard = (name) => name?.startsWith(`${attempt} `) && name !== own && older();
  remember("paper", own);
  if (remembered("paper") === own) {
    addEventListener("storage", (event) => event.key === "paper" && heard(event.newValue));
    addEventListener("pageshow", () => heard(remembered("paper"))); // come back to, it may have slept through the news
  } else if ("BroadcastChannel" in window) {
    const channel = new BroadcastChannel("paper");
    channel.addEventListener("message", (event) => heard(event.data));
    channel.postMessage(own);
  }
}

/** The browser's own store, or null where there is none. */
function opened() {
  return new Promise((resolve) => {
    setTimeout(() => resolve(null), OPENING);
    try {
      const asked = indexedDB.open("school", 1);
      asked.onupgradeneeded = () => ["answers", "flags"].forEach((name) => asked.result.createObjectStore(name, { keyPath: KEY }));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = asked.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

/** Do something with one of the stores; gives what `deed` asked for, or nothing where the browser refuses. */
function within(database, name, mode, deed) {
  return new Promise((resolve) => {
    try {
      const transaction = database.transaction(name, mode);
      const asked = deed(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onerror = transaction.onabort = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}

/** What this browser keeps of one attempt of one person.
 *  `answers`: position -> {given, sequence, packet}; `flags`: positions. Both are there at once and written behind. */
export async function notebook(person, attempt, until) {
  const database = await opened();
  const mine = (row) => row.person === person && row.attempt === attempt;
  const kept = {};
  for (const name of ["answers", "flags"]) {
    const rows = (await within(database, name, "readonly", (store) => store.getAll())) ?? [];
    kept[name] = new Map(rows.filter(mine).map((row) => [row.position, row]));
    const over = rows.filter((row) => Date.parse(row.until) + LONG_OVER < Date.now());
    over.forEach((row) => within(database, name, "readwrite", (store) => store.delete(KEY.map((part) => row[part]))));
  }
  const key = (position) => [person, attempt, position];
  const put = (name, row) => {
    const whole = { person, attempt, until, ...row };
    kept[name].set(row.position, whole);
    return within(database, name, "readwrite", (store) => store.put(whole));
  };
  const drop = (name, position) => {
    kept[name].delete(position);
    return within(database, name, "readwrite", (store) => store.delete(key(position)));
  };

  return {
    answers: kept.answers,
    flags: kept.flags,
    write: (row) => put("answers", row),
    /** Erase an answer, unless another page of this browser has written a newer one in its place. */
    erase(row) {
      if (kept.answers.get(row.position)?.packet === row.packet) kept.answers.delete(row.position);
      return within(database, "answers", "readwrite", (store) => {
        const stands = store.get(key(row.position));
        stands.onsuccess = () => stands.result?.packet === row.packet && store.delete(key(row.position));
      });
    },
    flag: (position, on) => (on ? put("flags", { position }) : drop("flags", position)),
  };
}

/** Sends what stands in the notebook, one answer after the other, until nothing waits.
 *  ways: post(row) -> fetch's answer; said(waiting, tries); kept(row, told); refused(row, words); stuck(words). */
export function sender(book, ways) {
  let sending = false;
  let tries = 0;
  let timer = 0;

  const say = () => {
    note(book.answers.size);
    ways.said(book.answers.size, tries);
  };

  /** One answer; whether the line works. */
  const one = async (row) => {
    const answer = await ways.post(row);
    const told = answer.redirected ? null : await answer.json();
    if (!told) return stuck("登录已经过期，请重新登录后再打开这张试卷。没发出的答案还留在这台手机上。");
    if (answer.status === 409 && !told.reload) {
      await book.erase(row);
      ways.refused(row, told.error);
      return true;
    }
    if (!answer.ok) return answer.status < 500 && stuck(told.error);
    await book.erase(row);
    await ways.kept(row, told);
    return true;
  };

  const stuck = (words) => {
    ways.stuck(words);
    return false;
  };

  const send = async () => {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    while (book.answers.size) {
      const next = [...book.answers.values()].sort((a, b) => a.sequence - b.sequence)[0];
      say();
      if (!(await one(next).catch(() => false))) break;
      tries = 0;
    }
    sending = false;
    if (book.answers.size) {
      // A whole county comes back at once when a server does: not all in the same second.
      timer = setTimeout(send, pause(tries) * (0.75 + Math.random() / 2));
      tries += 1;
    }
    say();
  };

  addEventListener("online", () => {
    tries = 0;
    send();
  });
  return { send, waiting: () => book.answers.size, stalled: () => tries > 0 && book.answers.size > 0 };
}

/** fetch of what a script reads; it gives up when nothing comes. */
export async function patient(url, more) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(url, { ...more, headers: { Accept: "application/json" }, signal: stop.signal });
  } finally {
    clearTimeout(timer);
  }
}
