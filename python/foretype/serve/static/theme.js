// Light, dark, or as the system: the button goes round.

const KEY = "foretype-theme";
const NAMES = { system: "System", light: "Light", dark: "Dark" };
const ORDER = /** @type {(keyof typeof NAMES)[]} */ (["system", "light", "dark"]);

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} label
 */
export function offerThemes(button, label) {
  let theme = remembered();
  apply();
  button.addEventListener("click", () => {
    theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length];
    remember(theme);
    apply();
  });

  function apply() {
    document.documentElement.dataset.theme = theme;
    label.textContent = NAMES[theme];
    button.setAttribute("aria-label", `Colours: ${NAMES[theme]}`);
  }
}

/** @returns {keyof typeof NAMES} */
function remembered() {
  try {
    const theme = localStorage.getItem(KEY);
    return ORDER.find((known) => known === theme) ?? "system";
  } catch {
    return "system"; // Storage is switched off in this browser.
  }
}

/** @param {string} theme */
function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Then it holds until the page is closed.
  }
}
