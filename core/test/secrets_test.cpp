// What must not be learned: the rules of secrets.h, one table each.
#include "context/secrets.h"

#include <cstdio>
#include <ctime>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "context/key_shapes.h"
#include "context/numbers.h"
#include "context/parameters.h"
#include "context/randomness.h"

namespace {

using foretype::context::has_known_key;
using foretype::context::has_secret_parameter;
using foretype::context::is_iban;
using foretype::context::looks_random;
using foretype::context::Range;
using foretype::context::secret_ranges;
using foretype::context::Secrets;
using foretype::context::undecided_from;

int failures = 0;

void fail(std::string_view what, std::string_view got, std::string_view expected) {
  std::printf("FAIL %.*s\n  got      %.*s\n  expected %.*s\n", static_cast<int>(what.size()),
              what.data(), static_cast<int>(got.size()), got.data(),
              static_cast<int>(expected.size()), expected.data());
  ++failures;
}

/// `marked` is the text with the secrets in braces.
void check(std::string_view marked) {
  std::string text;
  for (const char byte : marked) {
    if (byte != '{' && byte != '}') text += byte;
  }
  std::string got = text;
  const std::vector<Range> ranges = secret_ranges(text);
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    got.insert(range->end, "}");
    got.insert(range->begin, "{");
  }
  if (got != marked) fail(text, got, marked);
}

/// `text` with a bar where it is undecided.
void check_undecided(std::string_view marked) {
  std::string text;
  for (const char byte : marked) {
    if (byte != '|') text += byte;
  }
  std::string got = text;
  got.insert(undecided_from(text), "|");
  if (got != marked) fail(text, got, marked);
}

void expect(bool condition, std::string_view what) {
  if (!condition) fail(what, "false", "true");
}

void cards() {
  check("pay with {4111} {1111} {1111} {1111} please");
  check("{4111-1111-1111-1111,} {4242424242424242} and {378282246310005}");
  check("{3782} {822463} {10005} {12} {27} {123} thanks");
  check("{4111} {1111} {1111} {1112} is mistyped");
  check("order 1234567890123 of 9111 1111 1111 1111 in 2009 2010 2011 2012");
  check("call 202 555 0143 or +1 202-555-0143 or 0044 20 7946 0958");
  check("{(4000056655665556)} {5555\u20105555\u20105555\u20104444}");
  check("{12345678901234567}");
}

void bank_accounts() {
  check("to {DE89} {3704} {0044} {0532} {0130} {00} today");
  check("{GB29NWBK60161331926819.} {gb29nwbk60161331926819} {GB29-NWBK-6016-1331-9268-19}");
  check("GB28 NWBK 6016 1331 9268 19");
  expect(is_iban("NO9386011117947"), "the shortest IBAN");
  expect(!is_iban("NO9386011117946") && !is_iban("NO938601111794") && !is_iban(""), "no IBAN");
  check("account number: {12345678} and routing {021000021}");
  check("{12345678} is my account number, account of 2012, account 12345");
}

void social_security() {
  check("{123-45-6789} or {123} {45} {6789.}");
  check("666-45-6789 and 000-12-3456, 123-00-6789, 12-345-6789");
  check("123 45 6789 12");
  check("my SSN is {123456789} and the last of my social security number are {6789}");
}

void keys() {
  check("{sk-abcdefghijklmnop1234567890} {xoxb-1234567890-AbCd} {AKIAIOSFODNN7EXAMPLE}");
  expect(has_known_key("\"ghp_16C7e42F292c6912E7\""), "a key in quotes");
  expect(!has_known_key("risk-abcdefghijklmnop1234567890"), "a key begins a word");
  expect(!has_known_key("sk-something-in-small-letters"), "no digit, one case");
  expect(!has_known_key("npm_config_registry"), "a variable");
  check("ssh-rsa {AAAAB3NzaC1yc2EAAAADAQABAAABgQC7} jo@host");
}

void random_tokens() {
  for (const std::string_view token :
       {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "d41d8cd98f00b204e9800998ecf8427e",
        "9f86d081884c7d65", "550e8400-e29b-41d4-a716-446655440000", "Zk3vQ9xL7pW2",
        "x7#Kq9!vR2$mZ4", "JBSWY3DPEHPK3PXP",
        "c2VjcmV0LXRva2VuLTEyMw==", "xkqzjwvpbtrmgfhdcnlsqwxz"}) {
    expect(looks_random(token), token);
  }
  for (const std::string_view word : {"Massachusetts",
                                      "internationalisation",
                                      "CamelCaseIdentifier",
                                      "report_v2.docx",
                                      "well-known",
                                      "Q4-2026",
                                      "JIRA-1234",
                                      "B767-300ER",
                                      "HTML5/CSS3",
                                      "LGBTQIA+",
                                      "getElementsByClassName",
                                      "counterrevolutionaries",
                                      "2026-11-30T10:45:00Z",
                                      "v2.31.4-rc1",
                                      "Llanfairpwllgwyngyll",
                                      "ThisIsAVeryLongHashtagOfSomebody",
                                      "jo.doe2@mail.example.org",
                                      "/usr/share/doc/python3.11/changelog.gz",
                                      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                      "1234567890123",
                                      "Donaudampfschifffahrtsgesellschaft",
                                      "COVID-19-related",
                                      "\u4F60\u597D\u4E16\u754C",
                                      "hahahahahahahahahaha",
                                      "MP3/MP4/JPEG2000"}) {
    expect(!looks_random(word), word);
  }
}

void addresses() {
  check("see {https://jo:pw@example.org/x} or https://example.org/x");
  check("{http://a.example/reset?token=abcdef} http://a.example/?page=abcdef&code=");
  check("{postgres://admin:hunter2@db.example/app} {redis://:pw@cache.example:6379}");
  check("{www.example.org/r?X-Sig-Signature=a1b2} ssh://git@example.org:22/x");
  expect(has_secret_parameter("Server=db;Password=abc;Timeout=3"), "a connection string");
  expect(!has_secret_parameter("a=b&c=d&keys=e"), "plain parameters");
}

void passwords() {
  check("password: {hunter2} please");
  check("Password = {foo} bar, the {PWD=foo} or {pw:foo}");
  check("The password is not working. The password is {sunshine} now");
  check("set the password to {Hunter22} and wait");
  check("the password for the guests is {sunshine} now, password (old): {moon} too");
  check("password - {sunshine} I forgot the password now - please help");
  check("the password :) and then");
  check("Passphrase for the disk: {correct} {horse}\nThe passphrase on your key is strong");
  check("password {kXqWzPbT} is for LinkedIn");
  check("{hunter2} is the password of jo@example.org");
  check("Password: {\"correct} {horse} {staple\"} and more");
  check("the passphrase is {correct} {horse} {battery} {staple.} Then we go");
  check("seed phrase: {legal} {winner} {thank} {year}\nand on");
  check("Password:\n\n{hunter2}\nand on");
  check("a password-protected file and the password policy of 2012");
  check("a boarding pass for two, pass: {abc}");
}

void tokens_and_keys() {
  check("API key: {abcdefg} and {apiKey=xx}");
  check("the API key is revoked, a trade secret is out");
  check("the token is {abc123} or token {x9k2}");
  check("a key: value, the key is here, secret key : {here}");
}

void codes() {
  check("Your code is {482913.} Thanks");
  check("{482913} is your verification code");
  check("{G-482913} is your code, or {7K9QF2} or {482} {913}");
  check("the PIN is {1984} and back in 1984 the code had 12 pages");
  check("{PIN=4821} {OTP:482913}");
  check("Your verification code is:\n\n{829103}\n\nagain we do not see 829103");
  check("zip code 20016, error code 404404, area code 20202");
  check("the code {12345} one two three four five six 54321");
  check("passcode {827} {1234#} at 10:30 on 2012-01-05");
}

void blocks() {
  check("x {-----BEGIN RSA PRIVATE KEY-----\nMIIEpA\nab=\n-----END RSA PRIVATE KEY----- y}\nz");
  check("{-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n\nab\n}and so on");
  check("{-----BEGIN X-----\r\nab\r\n}");
  check("-----BEGIN\nab");
}

void undecided() {
  check_undecided("Hello |there");
  check_undecided("Hello there |");
  check_undecided("it is |482913 ");
  check_undecided("it is |482913 in this line of text ");
  check_undecided("it is 482913 in this line of text here |");
  check_undecided("it is 482913\n|");
  check_undecided("in 1984 it |");
  check_undecided("|4111 1111 1111 ");
  check_undecided("on |DE89 NWBK ");
  check_undecided("on |hunter2 is it ");
  check_undecided("1 2 3 |4 5 6 7 8 9 10 11 ");
}

void linear_time() {
  const std::vector<std::string> pieces = {
      "a",      "1 ", "12-",      "4111 ",         "sk-", "?key=", "code ", "=",     "DE89 ",
      "\u00a0", "((", "password", "-----BEGIN \n", "\"",  "x9x9 ", "1-2 ",  "://@:", "aB3"};
  for (const std::string& piece : pieces) {
    std::string text;
    while (text.size() < 1 << 18) text += piece;
    const std::clock_t start = std::clock();
    secret_ranges(text);
    undecided_from(text);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    expect(seconds < 1, "linear time: " + piece);
  }
}

void following_edits() {
  const std::vector<std::string> pieces = {"word ",
                                           "code ",
                                           "482913 ",
                                           "4111 1111 1111 1111 ",
                                           "\n",
                                           "password: ",
                                           "x9Kq2 ",
                                           "is ",
                                           "-----BEGIN A-----\n",
                                           "DE89 3704 0044 0532 0130 00 ",
                                           "a longer run of plain words here "};
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    Secrets followed;
    std::string text;
    for (int edit = 0; edit < 40; ++edit) {
      const std::size_t at = random() % 4 == 0 ? random() % (text.size() + 1) : text.size();
      std::string next = text.substr(0, at);
      if (random() % 4 != 0) next += pieces[random() % pieces.size()];
      if (random() % 2 == 0) next += text.substr(at);
      text = next;
      followed.set(text, at);
      const bool same = followed.ranges() == secret_ranges(text);
      expect(same && followed.undecided() == undecided_from(text), text);
    }
  }
}

}  // namespace

int main() {
  cards();
  bank_accounts();
  social_security();
  keys();
  random_tokens();
  addresses();
  passwords();
  tokens_and_keys();
  codes();
  blocks();
  undecided();
  linear_time();
  following_edits();
  std::printf("%d failures\n", failures);
  return failures == 0 ? 0 : 1;
}
