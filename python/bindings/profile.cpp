#include "foretype/profile.h"

#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "bindings.h"
#include "engine.h"
#include "errors.h"
#include "profile.h"

namespace foretype::bindings {
namespace {

namespace nb = nanobind;
using namespace nb::literals;

nb::list section_list(const std::vector<Section>& given) {
  nb::list sections;
  for (const Section& section : given) {
    sections.append(nb::make_tuple(section.name, as_bytes(section.bytes)));
  }
  return sections;
}

nb::list save(const Profile& self) { return section_list(self.save()); }

void load(Profile& self, const std::vector<std::pair<std::string, nb::bytes>>& given) {
  std::vector<Section> sections;
  for (const auto& [name, bytes] : given) sections.push_back({name, std::string(view(bytes))});
  value_or_raise(self.load(sections), "ProfileError");
}

nb::list contexts(const Profile& self) {
  nb::list contexts;
  for (const auto& [name, context] : self.contexts().named()) {
    contexts.append(nb::make_tuple(as_bytes(name), context.is_private, context.trie.ngrams()));
  }
  return contexts;
}

nb::list messages(const Profile& self) {
  nb::list messages;
  for (const profile::Remembered& each : self.messages()) {
    messages.append(nb::make_tuple(as_bytes(each.context), each.day, as_bytes(each.text)));
  }
  return messages;
}

nb::list blocked(const Profile& self) {
  nb::list words;
  for (const std::string& word : self.blocked()) words.append(as_bytes(word));
  return words;
}

// 32 bits each, little-endian.
nb::bytes hit_table(const Profile& self) {
  std::string bytes;
  for (const std::uint32_t count : self.statistics().hits.counts()) {
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(count >> shift));
  }
  return as_bytes(bytes);
}

nb::tuple tally(const Profile& self) {
  using Event = statistics::Event;
  const statistics::Window& window = self.statistics();
  const auto total = [&](Event event) { return window.hits.total(event); };
  return nb::make_tuple(window.words, total(Event::kShown), total(Event::kAccepted),
                        total(Event::kTypedThrough), total(Event::kMissed), total(Event::kRetained),
                        window.keys_saved);
}

nb::tuple forgotten(const Forgotten& forgotten) {
  return nb::make_tuple(forgotten.ngrams, forgotten.messages);
}

void bind_learning(nb::class_<Profile>& profile) {
  profile
      .def(
          "learn",
          [](Profile& self, const nb::bytes& text, const nb::bytes& context) {
            self.learn(view(text), view(context));
          },
          "text"_a, "context"_a = nb::bytes("", 0),
          "Learn a finished message: its n-grams and, as memory, its text.")
      .def("set_day", &Profile::set_day, "today"_a, "Days since 1970-01-01.")
      .def_prop_rw("paused", &Profile::paused, &Profile::pause)
      .def(
          "judgement", [](const Profile& self) { return self.judgement(); },
          "A copy of what outcomes taught.")
      .def("attention", [](const Profile& self) { return self.habit().attention(); })
      .def(
          "habit",
          [](const Profile& self) {
            return nb::make_tuple(self.habit().seen(), self.habit().unseen());
          },
          nb::sig("def habit(self) -> tuple[int, int]"),
          "Right suggestions that were seen, and that were typed out by hand.");
}

void bind_wishes(nb::class_<Profile>& profile) {
  profile.def("forget_all", &Profile::forget_all)
      .def(
          "forget",
          [](Profile& self, const nb::bytes& text) { return forgotten(self.forget(view(text))); },
          "text"_a, nb::sig("def forget(self, text: bytes) -> tuple[int, int]"),
          "Forget a word or phrase: n-grams and messages that went.")
      .def("holds",
           [](const Profile& self, const nb::bytes& text) { return self.holds(view(text)); })
      .def("make_room", &Profile::make_room, "most"_a = Profile::kMostNgrams,
           "Drop the least useful n-grams beyond so many; returns how many went.")
      .def(
          "forget_context",
          [](Profile& self, const nb::bytes& name) {
            return forgotten(self.forget_context(view(name)));
          },
          "name"_a, nb::sig("def forget_context(self, name: bytes) -> tuple[int, int]"),
          "N-grams and messages that went.")
      .def(
          "take_back",
          [](Profile& self, const nb::bytes& operations) {
            return forgotten(value_or_raise(self.take_back(view(operations)), "ProfileError"));
          },
          "operations"_a, nb::sig("def take_back(self, operations: bytes) -> tuple[int, int]"),
          "What these drained operations added on balance goes: n-grams and messages.")
      .def(
          "set_private",
          [](Profile& self, const nb::bytes& context, bool is_private) {
            self.set_private(view(context), is_private);
          },
          "context"_a, "private"_a)
      .def("block", [](Profile& self, const nb::bytes& word) { return self.block(view(word)); })
      .def("unblock", [](Profile& self, const nb::bytes& word) { return self.unblock(view(word)); })
      .def("blocked", &blocked);
}

void bind_storage(nb::class_<Profile>& profile) {
  profile
      .def("keep_journal", &Profile::keep_journal, "kept"_a,
           "Whether operations are kept for drain(); they are, at first.")
      .def("drain", [](Profile& self) { return as_bytes(self.drain()); })
      .def(
          "replay",
          [](Profile& self, const nb::bytes& operations) {
            return value_or_raise(self.replay(view(operations)), "ProfileError");
          },
          "operations"_a)
      .def(
          "checkpoint",
          [](Profile& self) {
            const nb::bytes operations = as_bytes(self.drain());
            return nb::make_tuple(operations, save(self));
          },
          nb::sig("def checkpoint(self) -> tuple[bytes, list[tuple[str, bytes]]]"),
          "drain() and save() at one moment: between two calls another thread could learn.")
      .def("save", &save, nb::sig("def save(self) -> list[tuple[str, bytes]]"))
      .def(
          "save_counts", [](const Profile& self) { return section_list(self.save_counts()); },
          nb::sig("def save_counts(self) -> list[tuple[str, bytes]]"),
          "Of save(), the sections that no operation tells of.")
      .def(
          "load", &load, "sections"_a,
          nb::sig("def load(self, sections: collections.abc.Sequence[tuple[str, bytes]]) -> None"));
}

void bind_facts(nb::class_<Profile>& profile) {
  profile
      .def_prop_ro_static(
          "max_ngrams", [](nb::handle) { return Profile::kMostNgrams; }, "Where make_room() cuts.")
      .def("ngrams", [](const Profile& self) { return self.contexts().ngrams(); })
      .def("memory_bytes", [](const Profile& self) { return self.contexts().memory_bytes(); })
      .def("contexts", &contexts, nb::sig("def contexts(self) -> list[tuple[bytes, bool, int]]"),
           "(name, private, n-grams) of each context but the common one.")
      .def("tally", &tally, "words, shown, accepted, typed_through, missed, retained, keys_saved")
      .def("hit_table", &hit_table,
           "uint32, little-endian: [shown, accepted, typed through, missed, retained][rank 1..5]"
           "[decile][letters typed 0..3+][trie, language model, both].")
      .def("messages", &messages, nb::sig("def messages(self) -> list[tuple[bytes, int, bytes]]"),
           "(context, day, text), oldest first.");
}

}  // namespace

void bind_profile(nb::module_& m) {
  nb::class_<Profile> profile(m, "Profile", "What is known about one user. All text is bytes.");
  profile.def("__init__", [](Profile* self, const PyEngine& engine) {
    new (self) Profile(engine.engine->background);
  });
  bind_learning(profile);
  bind_wishes(profile);
  bind_storage(profile);
  bind_facts(profile);
  bind_rows(profile);
  bind_statistics(profile);
}

}  // namespace foretype::bindings
