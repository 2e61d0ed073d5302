// Messages for the demonstration. All names, products and words are invented. Each sample brings
// terms that no dictionary holds, so that their second use shows what was just learned.

/** @typedef {{name: string, messages: string[]}} Sample */

/** @type {Sample[]} */
export const SAMPLES = [
  {
    name: "A project handover",
    messages: [
      "Hi Odalys,\n\nthe Brindlewick migration is on track. The ledger sync has moved to Thursday morning, and the Brindlewick team will send the Tavenport invoices after the ledger sync.\n\nBest regards,\nRufina",
      "Hi Odalys,\n\na quick update on the Brindlewick migration: the ledger sync is done and the Tavenport invoices are out. Please let me know if you have any questions about the Tavenport invoices.\n\nBest regards,\nRufina",
    ],
  },
  {
    name: "A support ticket",
    messages: [
      "The Farolux gateway at Quenby drops the heartbeat after a cold restart. I have set the Farolux gateway to fallback mode, so the heartbeat comes from the Quenby relay for now.",
      "The Farolux gateway at Quenby is back. The heartbeat was lost after a cold restart because fallback mode was off. I will watch the Quenby relay until Friday and then close this ticket.",
    ],
  },
  {
    name: "A board meeting",
    messages: [
      "Dear all,\n\nplease find attached the Ostravane forecast for the board meeting on Tuesday. The Ostravane forecast includes the Pellucid programme, and the Pellucid programme needs a decision before the end of the quarter.\n\nKind regards,\nIsaura",
      "Dear all,\n\nthank you for a good board meeting. The Ostravane forecast was approved and the Pellucid programme starts in March. I will send the minutes of the board meeting by Thursday.\n\nKind regards,\nIsaura",
    ],
  },
];
