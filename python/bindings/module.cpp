#include "bindings.h"

NB_MODULE(_core, m) {
  m.doc() = "The Foretype engine: what runs at each keystroke.";
  foretype::bindings::bind_context(m);
  foretype::bindings::bind_kernels(m);
  foretype::bindings::bind_tokenizer(m);
  foretype::bindings::bind_model(m);
  foretype::bindings::bind_statistics(m);
  foretype::bindings::bind_trie(m);
  foretype::bindings::bind_judgement(m);
  foretype::bindings::bind_engine(m);
  foretype::bindings::bind_profile(m);
  foretype::bindings::bind_session(m);
}
