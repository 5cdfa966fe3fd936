/** The whole paper on one page: save each answer as it is given and say in words what is saved, show one question at a time
 *  or all of them, keep marks on questions, and stop when the time is over or another page goes on.
 *  Markup: templates/quiz/paper.html: [data-quiz] with one form.asked per question, [data-save-state], [data-problem],
 *  [data-countdown] (countdown.js) and the numbers. What waits to be sent is kept by waiting.js.
 *  A save is repeated with the same packet until the server has answered: it answers only what is stored.
 *  Without this file every question stands on the page with a button of its own that saves it. */

import { ask, tell } from "./countdown.js";
import { fresh, guardSignOut, notebook, patient, remember, remembered, sender, stateWords, watchOthers } from "./waiting.js";

/** Rest after the last key before a text is saved (ms). */
const TYPING = 2_000;
/** Nobody asks for the receipt while late answers still count, nor a whole county for theirs in one second (ms). */
const AFTER = 2_000;
const RUSH = 10_000;
const AGAIN = 5_000;

const fieldsOf = (form) => [...form.querySelectorAll("[name=given]")];
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";

/** The answer that stands in a form: values of what is chosen, or the texts. */
export function given(form) {
  return fieldsOf(form).filter((field) => !isChoice(field) || field.checked).map((field) => field.value);
}

/** The answer as the server sent it with the page. */
export function sent(form) {
  const stands = (field) => (isChoice(field) ? field.defaultChecked : true);
  return fieldsOf(form).filter(stands).map((field) => (isChoice(field) ? field.value : field.defaultValue));
}

/** Put an answer into a form. */
export function fill(form, answer) {
  fieldsOf(form).forEach((field, n) => {
    if (isChoice(field)) field.checked = answer.includes(field.value);
    else field.value = answer[n] ?? "";
  });
}

/** Whether an answer is one: blanks only are none. */
export function isAnswer(answer) {
  return answer.some((one) => one.trim());
}

export async function enhance(page) {
  const forms = new Map([...page.querySelectorAll("form.asked")].map((form) => [Number(form.dataset.position), form]));
  const sheet = sheetOf(page, forms);
  const clock = page.querySelector("[data-countdown]");
  const notice = noticeOf(page);
  const { person, attempt, seat } = page.dataset;
  const book = await notebook(Number(person), Number(attempt), clock.dataset.countdown);
  const answers = answersOf(forms, sheet, book, Number(seat));
  const state = stateOf(page);
  const exit = exitOf(notice);
  const out = sender(book, {
    post: (row) => patient(forms.get(row.position).action, { method: "POST", body: answers.body(row) }),
    said(waiting, tries) {
      state.show(waiting, tries);
      exit.said(waiting);
    },
    async kept(row, told) {
      state.saved(told.saved_at);
      notice.worked();
      tell(clock, told);
      if (told.newer) notice.say(await answers.outdone(row, told), row.position);
    },
    refused(row, words) {
      notice.say(`第 ${row.position} 题没有收下：${words}`, row.position);
      ask(clock);
    },
    stuck: notice.insist,
  });
  const take = (form) => {
    const written = notice.locked() ? null : answers.take(form);
    if (!written) return;
    notice.over(Number(form.dataset.position));
    written.then(out.send);
  };
  const takeAll = () => forms.forEach(take);
  const close = (words, onward) => {
    takeAll();
    notice.lock(words, onward);
  };
  const leave = (url) => exit.leave(url, out);

  answers.open();
  forms.forEach((form) => listen(form, take, sheet));
  marks(forms, book, sheet);
  follow(page, clock, close, leave);
  watchOthers(attempt, () => close("这份试卷在另一个页面里打开了，请在那里接着答。这一页先停下，已保存的答案都在。", reloader()));
  page.querySelector("[data-hand-in]").addEventListener("click", (event) => {
    takeAll();
    if (!out.waiting()) return;
    event.preventDefault();
    leave(event.currentTarget.href);
  });
  document.addEventListener("visibilitychange", () => document.hidden && takeAll());
  addEventListener("beforeunload", (event) => {
    takeAll();
    if (out.stalled()) event.preventDefault();
  });
  guardSignOut();
  takeAll();
  if (out.waiting()) out.send();
  else state.show(0, 0);
}

/** The line that says what is saved. */
function stateOf(page) {
  const line = page.querySelector("[data-save-state]");
  let savedAt = line.textContent.replace("已保存", "").trim();
  return {
    saved: (at) => (savedAt = at),
    show(waiting, tries) {
      line.textContent = stateWords(waiting, tries, savedAt);
      line.classList.toggle("loud", waiting > 0 && tries > 0);
    },
  };
}

/** What is wrong, in words: about one question until it is answered anew, about the line until it works, or for good. */
function noticeOf(page) {
  const problem = page.querySelector("[data-problem]");
  let about = null;
  let locked = false;
  const show = (words, subject, onward = "") => {
    about = subject;
    problem.replaceChildren(words, onward);
    problem.hidden = !words;
  };
  const over = (subject) => about === subject && !locked && show("", null);
  return {
    locked: () => locked,
    say: (words, subject) => locked || show(words, subject),
    insist: (words) => show(words, "line"),
    over,
    worked: () => over("line"),
    lock(words, onward) {
      locked = true;
      page.querySelectorAll("[name=given]").forEach((field) => (field.disabled = true));
      show(words, null, onward);
    },
  };
}

/** A button that opens the page anew, and so goes on in it. */
function reloader() {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "在这一页接着答";
  button.addEventListener("click", () => location.reload());
  return button;
}

function linkTo(url, words) {
  const link = document.createElement("a");
  link.href = url;
  link.textContent = words;
  return link;
}

/** The answers in the forms: which are known, and which number the next change bears. seat: the page's own. */
function answersOf(forms, sheet, book, seat) {
  const known = new Map([...forms].map(([position, form]) => [position, JSON.stringify(sent(form))]));
  const { csrf_token: token, sequence: next } = Object.fromEntries(new FormData(forms.values().next().value));
  const lost = new Set();
  let sequence = Math.max(Number(next) - 1, ...[...book.answers.values()].map((row) => row.sequence));

  const note = (position) => {
    const answer = given(forms.get(position));
    known.set(position, JSON.stringify(answer));
    sheet.answered(position, isAnswer(answer));
    return answer;
  };
  const changed = (position) => known.get(position) !== JSON.stringify(given(forms.get(position)));
  const put = (position, answer) => {
    fill(forms.get(position), answer);
    note(position);
  };
  return {
    /** Show what waits from last time; whatever was changed before this file had come over a slow line is newer. */
    open: () => book.answers.forEach((row, position) => changed(position) || put(position, row.given)),
    /** Write down what stands in a form, to be sent when that is done; null when it is the answer that was taken last. */
    take(form) {
      const position = Number(form.dataset.position);
      if (!changed(position)) return null;
      sequence += 1;
      lost.delete(position);
      return book.write({ position, given: note(position), sequence, packet: fresh() });
    },
    body(row) {
      const body = new URLSearchParams({ csrf_token: token, sequence: row.sequence, packet: row.packet });
      row.given.forEach((one) => body.append("given", one));
      return body;
    },
    /** A newer answer stands on the server: show it, drop what was changed here without having seen it, and say so. */
    async outdone(row, told) {
      const waits = book.answers.get(row.position);
      if (waits) await book.erase(waits);
      put(row.position, told.given);
      if (told.seat <= seat) sequence = Math.max(sequence, told.sequence);
      lost.add(row.position);
      return `第 ${[...lost].join("、")} 题在别的页面上改过，现在显示的是那里后来的答案；要改请再选一次。`;
    },
  };
}

/** Take a form's answer as it is given: a choice at once, a text in a pause of typing. */
function listen(form, take, sheet) {
  let typing = 0;
  form.addEventListener("change", () => take(form));
  form.addEventListener("input", (event) => {
    clearTimeout(typing);
    if (!isChoice(event.target)) typing = setTimeout(() => take(form), TYPING);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    take(form);
    sheet.step(1);
  });
}

/** The buttons that mark a question, to come back to it. */
function marks(forms, book, sheet) {
  for (const [position, form] of forms) {
    const flag = form.querySelector("[data-flag]");
    const show = (on) => {
      flag.textContent = on ? "取消标记" : "标记";
      sheet.flagged(position, on);
    };
    flag.addEventListener("click", () => {
      const on = !book.flags.has(position);
      book.flag(position, on);
      show(on);
    });
    show(book.flags.has(position));
  }
}

/** The way out of the page: only when nothing waits any more. */
function exitOf(notice) {
  let goal = "";
  return {
    said: (waiting) => goal && !waiting && location.assign(goal),
    leave(url, out) {
      goal = url;
      if (!out.waiting()) return location.assign(url);
      notice.say(`还有 ${out.waiting()} 题没有发出，发出以后就去交卷。`, "line");
      out.send();
    },
  };
}

/** Do what the server says of the attempt: stop for another device and for a round called off, go when it is handed in or over. */
function follow(page, clock, close, leave) {
  const { seat, result, cover, grace } = page.dataset;
  let ending = false;
  let stopped = false;
  const toReceipt = async () => ((await ask(clock)) ? leave(result) : setTimeout(toReceipt, AGAIN));
  const stop = (words, onward) => {
    if (!stopped) close(words, onward);
    stopped = true;
  };
  clock.addEventListener("told", ({ detail }) => {
    if (detail.cancelled) return stop("这一轮已取消，不用再答了。", linkTo(cover, "看这一轮的说明"));
    if (detail.seat > Number(seat)) stop("您已在另一台设备上接着作答，这一页停止保存。要回到这台设备，请刷新这一页。");
    if (!detail.handed_in) return;
    stop("已经交卷了，正在打开回执…");
    leave(result);
  });
  clock.addEventListener("timeup", () => {
    if (ending) return;
    ending = true;
    close("时间到了，正在交上已保存的答案，过一会儿显示回执…");
    setTimeout(toReceipt, Number(grace) * 1_000 + AFTER + Math.random() * RUSH);
  });
}

/** The numbers and the ways between the questions. */
function sheetOf(page, forms) {
  const grid = gridOf(page);
  const walk = walkOf(page, forms, grid);
  const counted = (name) => (position, yes) => {
    grid.mark(position, name, yes);
    walk.count();
  };
  if ("speechSynthesis" in window) page.querySelectorAll("[data-aloud]").forEach(aloud);
  return { step: walk.step, answered: counted("answered"), flagged: counted("flagged") };
}

/** The numbers: what is answered and marked, seen and read out. */
function gridOf(page) {
  const numbers = new Map([...page.querySelectorAll(".number")].map((number, n) => [n + 1, number]));
  const has = (number, name) => number.classList.contains(name);
  return {
    numbers,
    done: () => [...numbers.values()].filter((number) => has(number, "answered")).length,
    firstOpen: () => [...numbers].find(([, number]) => !has(number, "answered"))?.[0] ?? 1,
    mark(position, name, yes) {
      const number = numbers.get(position);
      number.classList.toggle(name, yes);
      const words = `${has(number, "answered") ? "已答" : "未答"}${has(number, "flagged") ? "，标记" : ""}`;
      number.setAttribute("aria-label", `第 ${position} 题，${words}`);
    },
    here(at) {
      for (const [position, number] of numbers) {
        if (position === at) number.setAttribute("aria-current", "step");
        else number.removeAttribute("aria-current");
      }
    },
  };
}

/** The ways between the questions. One at a time, or all; the browser remembers which. */
function walkOf(page, forms, grid) {
  const steps = page.querySelector("[data-steps]");
  const view = page.querySelector("[data-view]");
  let single = remembered("quiz-view") !== "all";
  let here = asked() ?? grid.firstOpen();

  /** The question that the address names, if any. */
  function asked() {
    const position = Number(location.hash.replace("#q", ""));
    return forms.has(position) ? position : null;
  }

  const count = () => {
    const done = grid.done();
    page.querySelector("[data-count]").textContent = `已答 ${done} 题，未答 ${forms.size - done} 题`;
    page.querySelector("[data-place]").textContent = single ? `第 ${here} / ${forms.size} 题` : `已答 ${done} / ${forms.size} 题`;
  };
  const draw = () => {
    page.classList.toggle("one-by-one", single);
    for (const [position, form] of forms) form.hidden = single && position !== here;
    grid.here(single ? here : null);
    steps.hidden = !single;
    steps.querySelector("[data-step='1']").hidden = here === forms.size;
    steps.querySelector("[data-step='-1']").hidden = here === 1;
    view.textContent = single ? "全部题目" : "每次一题";
    count();
  };
  const show = (position) => {
    here = position;
    history.replaceState(null, "", `#q${position}`);
    draw();
    forms.get(position).scrollIntoView();
    forms.get(position).querySelector(".question").focus({ preventScroll: true });
  };
  const step = (by) => {
    if (!single) return;
    if (forms.has(here + by)) show(here + by);
    else page.querySelector("[data-hand-in]").focus();
  };

  page.querySelectorAll("[data-plain]").forEach((element) => (element.hidden = true));
  page.querySelectorAll("[data-flag], [data-view]").forEach((element) => (element.hidden = false));
  steps.querySelectorAll("[data-step]").forEach((button) => button.addEventListener("click", () => step(Number(button.dataset.step))));
  view.addEventListener("click", () => {
    single = !single;
    remember("quiz-view", single ? "one" : "all");
    show(here);
  });
  grid.numbers.forEach((number, position) =>
    number.addEventListener("click", (event) => {
      event.preventDefault();
      show(position);
    }),
  );
  addEventListener("hashchange", () => asked() && show(asked()));
  draw();
  return { step, count };
}

/** Reading aloud comes when it is first wanted: a slow line carries the questions first. */
function aloud(button) {
  button.hidden = false;
  button.dataset.readAloud = button.dataset.aloud;
  const first = async () => {
    (await import("./read-aloud.js")).enhance(button);
    button.click();
  };
  button.addEventListener("click", first, { once: true });
}
