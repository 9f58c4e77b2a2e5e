//! Number formats: what a code says, whatever program spelled it.

use std::collections::{BTreeMap, BTreeSet};

/// The first number that a workbook may give to a code of its own.
const OWN: u32 = 164;
/// What a cell without a number format has.
const GENERAL: &str = "General";

/// The codes that every workbook has without saying so, as they are in the United States.
const BUILT_IN: [(u32, &str); 36] = [
    (0, GENERAL),
    (1, "0"),
    (2, "0.00"),
    (3, "#,##0"),
    (4, "#,##0.00"),
    (5, "\"$\"#,##0_);\\(\"$\"#,##0\\)"),
    (6, "\"$\"#,##0_);[Red]\\(\"$\"#,##0\\)"),
    (7, "\"$\"#,##0.00_);\\(\"$\"#,##0.00\\)"),
    (8, "\"$\"#,##0.00_);[Red]\\(\"$\"#,##0.00\\)"),
    (9, "0%"),
    (10, "0.00%"),
    (11, "0.00E+00"),
    (12, "# ?/?"),
    (13, "# ??/??"),
    (14, "mm-dd-yy"),
    (15, "d-mmm-yy"),
    (16, "d-mmm"),
    (17, "mmm-yy"),
    (18, "h:mm AM/PM"),
    (19, "h:mm:ss AM/PM"),
    (20, "h:mm"),
    (21, "h:mm:ss"),
    (22, "m/d/yy h:mm"),
    (37, "#,##0_);(#,##0)"),
    (38, "#,##0_);[Red](#,##0)"),
    (39, "#,##0.00_);(#,##0.00)"),
    (40, "#,##0.00_);[Red](#,##0.00)"),
    (41, "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)"),
    (42, "_(\"$\"* #,##0_);_(\"$\"* (#,##0);_(\"$\"* \"-\"_);_(@_)"),
    (43, "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)"),
    (44, "_(\"$\"* #,##0.00_);_(\"$\"* (#,##0.00);_(\"$\"* \"-\"??_);_(@_)"),
    (45, "mm:ss"),
    (46, "[h]:mm:ss"),
    (47, "mm:ss.0"),
    (48, "##0.0E+0"),
    (49, "@"),
];

/// Whether a built-in number says the same on every computer; the others follow its region.
fn is_everywhere(id: u32) -> bool {
    matches!(id, 0..=4 | 9..=13 | 45..=49)
}

/// A piece of a code.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Token {
    /// A character that is shown as it is.
    Shown(char),
    /// A character that stands for a part of the number.
    Sign(char),
    /// Several characters that mean one thing: `[Red]`, `_)`, `General`.
    Part(String),
}

/// The pieces of a code. Quotes, backslashes and small or capital letters make no difference.
fn tokens(code: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = after;
        let mut next = after.chars();
        match c {
            '"' => {
                let (text, behind) = after.split_once('"').unwrap_or((after, ""));
                out.extend(text.chars().map(Token::Shown));
                rest = behind;
            }
            '\\' | '_' | '*' => {
                let taken = next.next();
                rest = next.as_str();
                match taken {
                    Some(shown) if c == '\\' => out.push(Token::Shown(shown)),
                    Some(filler) => out.push(Token::Part(format!("{c}{filler}"))),
                    None => {}
                }
            }
            '[' => {
                let (text, behind) = after.split_once(']').unwrap_or((after, ""));
                let text = if text.starts_with('$') { text.to_owned() } else { text.to_uppercase() };
                out.push(Token::Part(format!("[{text}]")));
                rest = behind;
            }
            _ => {
                let here = [c.to_string().as_str(), after].concat();
                let word = [GENERAL, "AM/PM", "A/P"].into_iter().find(|word| {
                    here.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
                });
                if let Some(word) = word {
                    out.push(Token::Part(word.to_owned()));
                    rest = after.get(word.len() - c.len_utf8()..).unwrap_or_default();
                } else {
                    out.push(bare(c, next.next()));
                }
            }
        }
    }
    let is_date = out.iter().any(|token| matches!(token, Token::Sign('y' | 'm' | 'd' | 'h' | 's')));
    if is_date {
        for token in &mut out {
            // Between the parts of a date these stand for themselves, with a backslash or without.
            if let Token::Shown(c @ ('.' | '/' | ':')) = *token {
                *token = Token::Sign(c);
            }
        }
    }
    out
}

/// A character without quotes or a backslash.
fn bare(c: char, next: Option<char>) -> Token {
    match c {
        'Y' | 'M' | 'D' | 'H' | 'S' | 'G' | 'B' => Token::Sign(c.to_ascii_lowercase()),
        'E' if !matches!(next, Some('+' | '-')) => Token::Shown(c),
        'E' | 'y' | 'm' | 'd' | 'h' | 's' | 'e' | 'g' | 'b' => Token::Sign(c),
        ' ' | '-' | '+' | '(' | ')' | '$' | '!' | '^' | '&' | '\'' | '~' | '{' | '}' | '<' | '>' | '=' => {
            Token::Shown(c)
        }
        _ if c.is_ascii_alphabetic() || !c.is_ascii() => Token::Shown(c),
        _ => Token::Sign(c),
    }
}

/// The code in one spelling.
pub(super) fn plain(code: &str) -> String {
    let mut out = String::new();
    for token in tokens(code) {
        match token {
            Token::Shown(c) => out.extend(['\\', c]),
            Token::Sign(c) => out.push(c),
            Token::Part(text) => out.push_str(&text),
        }
    }
    if out.is_empty() { GENERAL.to_owned() } else { out }
}

/// The skeleton of a code: without words, currencies, spaces and languages. A month has one, whatever the language.
pub(super) fn skeleton(code: &str) -> String {
    let all = tokens(code);
    let mut out = String::new();
    for run in all.chunk_by(|a, b| matches!((a, b), (Token::Shown(_), Token::Shown(_)))) {
        // In words a point is an abbreviation; a sign or a bracket says something about the number.
        let has_letters = run.iter().any(|t| matches!(t, Token::Shown(c) if is_word(*c)));
        for token in run {
            match token {
                Token::Shown(c) if is_word(*c) || c.is_whitespace() => {}
                Token::Shown(c) if has_letters && !matches!(c, '-' | '+' | '(' | ')') => {}
                Token::Shown(c) => out.extend(['\\', *c]),
                Token::Sign(c) => out.push(*c),
                Token::Part(text) if text.starts_with("[$") => {}
                Token::Part(text) => out.push_str(text),
            }
        }
    }
    match out.as_str() {
        "" => GENERAL.to_owned(),
        "yyyym" => String::from("mmmyyyy"),
        _ => out,
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || !c.is_ascii() || c == '$'
}

/// The number formats of both workbooks.
#[derive(Default, Debug)]
pub(super) struct Codes {
    theirs: BTreeMap<u32, String>,
    fresh: BTreeMap<u32, String>,
    /// Numbers that are taken.
    used: BTreeSet<u32>,
    /// What is said, in one spelling, and its number here.
    said: BTreeMap<String, usize>,
    /// The kin of what is said: its skeleton.
    skeletons: Vec<String>,
    /// How the fresh workbook or theirs spells it.
    spelled: Vec<String>,
    /// The number in their workbook.
    ids: BTreeMap<usize, u32>,
    /// What was added to their list.
    pub(super) added: Vec<(u32, String)>,
}

impl Codes {
    /// The codes that both declare, and the numbers that stand elsewhere in their part.
    pub(super) fn new(
        theirs: BTreeMap<u32, String>,
        fresh: BTreeMap<u32, String>,
        elsewhere: &[u32],
    ) -> Self {
        let used = theirs.keys().chain(elsewhere).copied().collect();
        let mut codes = Self { theirs, fresh, used, ..Self::default() };
        let everywhere = BUILT_IN.iter().filter(|(id, _)| is_everywhere(*id)).map(|(id, _)| *id);
        let all: Vec<u32> = everywhere.chain(codes.theirs.keys().copied()).collect();
        for id in all {
            let look = codes.theirs(id);
            codes.ids.entry(look).or_insert(id);
        }
        codes
    }

    /// What a number of theirs says.
    pub(super) fn theirs(&mut self, id: u32) -> usize {
        let code = code_of(&self.theirs, id);
        self.look(&code)
    }

    /// What a fresh number says.
    pub(super) fn fresh(&mut self, id: u32) -> usize {
        let code = code_of(&self.fresh, id);
        self.look(&code)
    }

    fn look(&mut self, code: &str) -> usize {
        let next = self.skeletons.len();
        let look = *self.said.entry(plain(code)).or_insert(next);
        if look == next {
            self.skeletons.push(skeleton(code));
            self.spelled.push(code.to_owned());
        }
        look
    }

    /// Whether a fresh number is one that every workbook has without saying so.
    pub(super) fn is_built_in(&self, fresh: u32) -> bool {
        fresh < OWN && !self.fresh.contains_key(&fresh)
    }

    /// The skeleton of what is said.
    pub(super) fn skeleton(&self, look: usize) -> &str {
        self.skeletons.get(look).map_or("", String::as_str)
    }

    /// The number of what is said in their list: `own` where it is one of theirs or is built in, else it is found or
    /// added.
    pub(super) fn take(&mut self, look: usize, own: Option<u32>) -> u32 {
        if let Some(own) = own.filter(|own| *own < OWN || self.theirs.contains_key(own))
            && self.theirs(own) == look
        {
            return own;
        }
        if let Some(id) = self.ids.get(&look) {
            return *id;
        }
        let id = self.free();
        let code = self.spelled.get(look).cloned().unwrap_or_default();
        self.theirs.insert(id, code.clone());
        self.ids.insert(look, id);
        self.added.push((id, code));
        id
    }

    /// The number for a code that a differential format carries with it.
    pub(super) fn carried(&mut self, code: &str) -> u32 {
        let look = self.look(code);
        self.ids.get(&look).copied().unwrap_or_else(|| self.free())
    }

    /// A number that nothing has, taken.
    fn free(&mut self) -> u32 {
        let id = (OWN..=u32::MAX).find(|id| !self.used.contains(id)).unwrap_or(OWN);
        self.used.insert(id);
        id
    }
}

/// What a number says. One that nobody explains counts as none, or as its own where the format reserves it.
fn code_of(declared: &BTreeMap<u32, String>, id: u32) -> String {
    let built_in = || BUILT_IN.iter().find(|(known, _)| *known == id).map(|(_, code)| (*code).to_owned());
    let reserved = || if id < OWN { format!("[{id}]") } else { GENERAL.to_owned() };
    declared.get(&id).cloned().or_else(built_in).unwrap_or_else(reserved)
}
