// What was on screen and what became of it, inside the message being written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace foretype::outcome {

/// What a finished word of the message says of the offers for it.
struct Settled {
  bool asked = false;     // something was suggested for it, or looked for; not so for a pasted word
  int wrong = 0;          // shows of what was not written
  int overlooked = 0;     // times the right one was passed over and then written by hand
  bool accepted = false;  // it was taken, and stayed as it was
  std::string rejected;   // what was taken instead, and then erased in part; may be empty
};

/// What an edit says of words that were taken before.
struct Erased {
  std::vector<std::string> unaccepted;  // settled as accepted; not so any more
  std::vector<std::string> rejected;    // erased as a whole
};

class Offers {
 public:
  /// A suggestion was looked for while the caret stood in the word that begins here.
  void ask(std::size_t begin);
  /// `word` stands on screen, to begin at byte `begin` of the message, perhaps with the space after
  /// it. `is_new`: it did not before the last key.
  void show(std::size_t begin, std::string word, bool holds_space, bool is_new);
  void show_nothing() { on_screen_ = kNothing; }
  /// The user pressed a key which was not an accept: what was on screen was passed over.
  void pass();
  /// The user took what was on screen; false if that is nothing.
  bool take();
  /// The user took this word together with what was on screen.
  void take_too(std::size_t begin, std::string word);
  bool any_passed() const;
  /// How often this word was passed over at this place.
  int times_passed(std::size_t begin, std::string_view word, bool holds_space) const;

  /// A finished word of the message. Offers for it are settled and gone. `learned`: an accept of it
  /// is counted, and can be taken back by erase_from().
  Settled settle(std::size_t begin, std::string_view word, bool learned, bool space_follows);
  /// Shows of what is not settled.
  int open_shows() const;
  /// The text from this byte on changed: offers for what began there are void.
  Erased erase_from(std::size_t begin);
  /// Lets go of everything; returns what was settled as accepted.
  std::vector<std::string> clear();

 private:
  struct Offer {
    std::size_t begin;
    std::string word;
    bool holds_space = false;
    int shows = 0;
    int passed = 0;
    bool taken = false;
    bool erased = false;  // in part, after it was taken
  };
  struct Accepted {
    std::size_t begin;
    std::string word;
  };
  static constexpr std::size_t kNothing = static_cast<std::size_t>(-1);

  std::vector<Offer> offers_;
  std::vector<std::size_t> asked_;    // where words begin, rising
  std::vector<Accepted> accepted_;    // settled words that were taken, rising
  std::size_t on_screen_ = kNothing;  // index in offers_
};

}  // namespace foretype::outcome
