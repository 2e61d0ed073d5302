#include "propose/lm/tokenizer.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <new>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "context/units.h"
#include "errors.h"

namespace foretype::bindings {
namespace {

using lm::Token;
using lm::Tokenizer;

using Pairs = nanobind::ndarray<const std::uint32_t, nanobind::shape<-1, 2>, nanobind::c_contig,
                                nanobind::device::cpu>;

std::string_view view(const nanobind::bytes& bytes) { return {bytes.c_str(), bytes.size()}; }

nanobind::bytes to_bytes(std::string_view text) {
  return nanobind::bytes(text.data(), text.size());
}

void make_tokenizer(Tokenizer* place, const std::vector<nanobind::bytes>& tokens,
                    const Pairs& merges, const std::vector<std::uint32_t>& specials) {
  std::string bytes;
  std::vector<std::uint32_t> offsets = {0};
  for (const nanobind::bytes& token : tokens) {
    bytes += view(token);
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
  }
  const std::span<const std::uint32_t> pairs(merges.data(), merges.size());
  new (place)
      Tokenizer(value_or_raise(Tokenizer::create(bytes, offsets, pairs, specials), "ModelError"));
}

std::vector<Token> encode(const Tokenizer& self, const nanobind::bytes& text) {
  std::vector<Token> tokens;
  self.encode(view(text), &tokens);
  return tokens;
}

nanobind::bytes decode(const Tokenizer& self, const std::vector<Token>& tokens) {
  return to_bytes(self.decode(tokens));
}

std::vector<Token> sorted(const Tokenizer& self) {
  return {self.sorted().begin(), self.sorted().end()};
}

std::pair<int, int> with_prefix(const Tokenizer& self, const nanobind::bytes& prefix) {
  const Tokenizer::Range range = self.with_prefix(view(prefix));
  return {range.first, range.last};
}

std::vector<std::tuple<std::size_t, std::size_t, bool>> units(const nanobind::bytes& text) {
  std::vector<std::tuple<std::size_t, std::size_t, bool>> found;
  for (const context::Unit& unit : context::units(view(text))) {
    found.emplace_back(unit.begin, unit.end, unit.space_before);
  }
  return found;
}

}  // namespace

void bind_tokenizer(nanobind::module_& m) {
  using nanobind::arg;
  nanobind::class_<Tokenizer>(m, "Tokenizer", "Byte-level BPE, equal to the `tokenizers` library.")
      .def("__init__", &make_tokenizer, arg("tokens"), arg("merges"), arg("specials"),
           "tokens[id] is the token's bytes; merges: uint32 [count, 2] in rank order.\n\n"
           "Raises foretype.errors.ModelError where these contradict each other.")
      .def_prop_ro("vocabulary", &Tokenizer::vocabulary, "Number of tokens.")
      .def("encode", &encode, arg("text"), "Token ids of any bytes; UTF-8 is meant.")
      .def("decode", &decode, arg("tokens"), "Bytes of the tokens; control tokens have none.")
      .def(
          "bytes", [](const Tokenizer& self, Token token) { return to_bytes(self.bytes(token)); },
          arg("token"), "Bytes of one token; empty for a control token or an id out of range.")
      .def("is_special", &Tokenizer::is_special, arg("token"), "True for a control token.")
      .def_static(
          "stable_prefix",
          [](const nanobind::bytes& text) { return Tokenizer::stable_prefix(view(text)); },
          arg("text"), "Byte offset up to which tokens stay, whatever is typed after `text`.")
      .def("sorted", &sorted, "Token ids in the order of their bytes, control tokens left out.")
      .def("with_prefix", &with_prefix, arg("prefix"),
           "(first, last): sorted()[first:last] are the tokens that start with `prefix`.");
  m.def("units", &units, arg("text"),
        "(begin, end, space_before) of the units of `text`, in bytes: core/src/context/units.h.");
  m.def(
      "is_word", [](const nanobind::bytes& unit) { return context::is_word(view(unit)); },
      arg("unit"), "True for a unit with a letter or a digit.");
  m.def(
      "starts_sentence",
      [](const nanobind::bytes& before) { return context::starts_sentence(view(before)); },
      arg("before"), "True if a word after `before` opens a sentence.");
}

}  // namespace foretype::bindings
