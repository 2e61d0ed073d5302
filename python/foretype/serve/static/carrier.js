// Carries the whole profile away as a file, and brings one back.

const FILE_NAME = "foretype-profile.jsonl";
/** What the server takes. */
const MOST_BYTES = 500_000_000;

export class Carrier {
  /**
   * @param {import("./service.js").Service} service
   * @param {import("./toast.js").Toast} toast
   * @param {() => void} brought
   */
  constructor(service, toast, brought) {
    this.service = service;
    this.toast = toast;
    this.brought = brought;
  }

  async carryAway() {
    this.toast.say("Writing the file …");
    const blob = await this.service.exported();
    if (!blob) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = FILE_NAME;
    link.click();
    URL.revokeObjectURL(link.href);
    this.toast.say(`${FILE_NAME} holds your words: keep it as you keep your mail.`);
  }

  /** @param {HTMLInputElement} input */
  async bring(input) {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    if (file.size > MOST_BYTES) {
      this.toast.say(`${file.name} is too large to be a profile.`);
      return;
    }
    this.toast.say(`Reading ${file.name} …`);
    if (!(await this.service.bring(file))) return;
    this.brought();
    this.toast.say(`${file.name} is part of your profile now.`);
  }
}
