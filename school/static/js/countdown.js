/** Show the minutes left beside a closing time, say aloud when five and when one are left, and tell the page when it is over.
 *  Markup: <p data-countdown="2026-11-25T13:00:00Z" data-now="2026-11-25T12:41:07Z">
 *            <span data-until>21:00</span> 截止<span data-left></span></p>
 *  data-now is the server's clock when the page was made: a phone's own clock may be wrong. A later data-countdown (more time
 *  was granted) and data-paused (the round stands still) are taken over within seconds. When the time is over the element
 *  sends "timeup", again and again until the page is left.
 *  Without this file the closing time stands there and the server still decides. */

const TICK = 5_000;
const WARN_AT = [5, 1];
const CLOCK = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Shanghai" });

/** Whole minutes from `now` to `closesAt` (both in ms), the begun one counted; 0 when it is over. */
export function minutesLeft(closesAt, now) {
  return Math.max(0, Math.ceil((closesAt - now) / 60_000));
}

/** What is shown for so many minutes. */
export function leftWords(minutes) {
  if (minutes === 0) return "时间到";
  return minutes === 1 ? "还剩不到 1 分钟" : `还剩 ${minutes} 分钟`;
}

/** The warning owed on coming from `before` to `minutes` left, or nothing. */
export function warning(before, minutes) {
  return WARN_AT.some((mark) => before > mark && minutes <= mark && minutes > 0) ? `${leftWords(minutes)}。已保存的答案不会丢。` : "";
}

export function enhance(element) {
  const ahead = Date.parse(element.dataset.now) - Date.now();
  const until = element.querySelector("[data-until]");
  const left = element.querySelector("[data-left]");
  const spoken = element.appendChild(document.createElement("span"));
  spoken.className = "hidden";
  spoken.setAttribute("aria-live", "assertive");
  let before = Infinity;

  const tick = () => {
    const closesAt = Date.parse(element.dataset.countdown);
    const paused = "paused" in element.dataset;
    const minutes = paused ? Infinity : minutesLeft(closesAt, Date.now() + ahead);
    until.textContent = CLOCK.format(closesAt);
    left.textContent = paused ? "，已暂停" : `，${leftWords(minutes)}`;
    left.classList.toggle("soon", minutes <= WARN_AT[0]);
    if (minutes !== before) spoken.textContent = warning(before, minutes);
    before = minutes;
    if (minutes === 0) element.dispatchEvent(new CustomEvent("timeup", { bubbles: true }));
  };

  element.addEventListener("newtime", tick);
  tick();
  setInterval(tick, TICK);
}
