// The token of this start, from the address's fragment. It is taken out of the address bar, so that
// it does not stay in the history, and kept for this tab only, so that a reload works.

const KEY = "foretype-token";

/** @returns {string} "" when the page was opened without one */
export function takeToken() {
  const given = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  try {
    if (given) sessionStorage.setItem(KEY, given);
    return given || (sessionStorage.getItem(KEY) ?? "");
  } catch {
    return given; // Storage is switched off in this browser.
  }
}
