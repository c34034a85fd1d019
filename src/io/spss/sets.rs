//! Multiple-response sets of SPSS: `$brands=D1 1 14 Brands you use b1 b2 b3`.
//!
//! They stand in two records, one for sets that SPSS knew before version 14 and one for those after; the reader of
//! dictionaries keeps only the second, and not what options are called by.

use crate::codebook::{Codebook, Member, Set, SetKind};

/// A set as the file says it.
struct Said<'a> {
    name: &'a [u8],
    label: &'a [u8],
    /// The value that says that an option was chosen; nothing where columns hold codes of options.
    counted: Option<&'a [u8]>,
    /// Whether options are called by the label of this value rather than by that of the column.
    is_called_by_value: bool,
    columns: Vec<&'a [u8]>,
}

/// The records that hold sets.
pub(super) const RECORDS: [i32; 2] = [7, 19];

/// The sets in a record. `decoded` makes text of bytes, and `named` finds a column by what a set calls it.
pub(super) fn sets(
    record: &[u8],
    codebook: &Codebook,
    decoded: impl Fn(&[u8]) -> String,
    named: impl Fn(&str) -> Option<String>,
) -> Vec<Set> {
    let lines = record.split(|byte| *byte == b'\n').filter_map(said);
    let set = |said: Said<'_>| {
        let counted = said.counted.map(|value| decoded(value).trim().to_owned());
        let columns = said.columns.iter().filter_map(|column| named(&decoded(column)));
        let member = |column: String| {
            let variable = codebook.variable(&column);
            let of_value = || {
                let value = variable?.values.iter().find(|value| Some(&value.code) == counted.as_ref())?;
                value.label.clone().filter(|_| said.is_called_by_value)
            };
            let label = of_value().or_else(|| variable?.label.clone()).unwrap_or_else(|| column.clone());
            Member { column, label }
        };
        let members: Vec<Member> = columns.map(member).collect();
        let kind = match counted {
            None => SetKind::Categories,
            Some(counted) => SetKind::Dichotomies { chosen: vec![counted] },
        };
        let label = Some(decoded(said.label).trim().to_owned()).filter(|label| !label.is_empty());
        (members.len() > 1).then(|| Set { name: decoded(said.name), label, kind, members })
    };
    lines.filter_map(set).collect()
}

fn said(line: &[u8]) -> Option<Said<'_>> {
    let line = line.strip_prefix(b"$")?;
    let end = line.iter().position(|byte| *byte == b'=')?;
    let (name, rest) = (&line[..end], &line[end + 1..]);
    let (kind, rest) = rest.split_first()?;
    let (counted, is_called_by_value, rest) = match kind {
        b'C' => (None, false, rest),
        b'D' => {
            let (counted, rest) = counted_text(rest)?;
            (Some(counted), false, rest)
        }
        b'E' => {
            // The number says where the label of the set comes from, which it brings along in any case.
            let (_, rest) = number(rest.trim_ascii_start())?;
            let (counted, rest) = counted_text(rest.trim_ascii_start())?;
            (Some(counted), true, rest)
        }
        _ => return None,
    };
    let (label, rest) = counted_text(rest.trim_ascii_start())?;
    let columns = rest.split(u8::is_ascii_whitespace).filter(|name| !name.is_empty() && *name != b"\0").collect();
    Some(Said { name, label, counted, is_called_by_value, columns })
}

/// A text after the number of its bytes: `3 abc`.
fn counted_text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = number(bytes)?;
    rest.strip_prefix(b" ")?.split_at_checked(length)
}

fn number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let digits = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    Some((std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()?, &bytes[digits..]))
}

#[cfg(test)]
mod tests {
    use super::sets;
    use crate::codebook::{Codebook, SetKind, Value, Variable};

    #[test]
    fn sets_are_read_as_the_format_writes_them() {
        // The examples of the PSPP Developers Guide, section "Multiple Response Sets Records".
        let record = b"$a=C 10 my mcgroup a b c\n$b=D2 55 0  g e f d\n$c=D3 Yes 10 mdgroup #2 h i j\n\
            $d=E 1 2 34 13 third mdgroup k l m\n$e=E 11 6 choice 0  n o p\n$f=D9 1 x y\n$g=X\n";
        let mut codebook = Codebook::default();
        let values = vec![Value::answer("34", "Kilo")];
        codebook.variables.push(Variable { values, ..Variable::new("k").labelled("Thing") });
        let found =
            sets(record, &codebook, |bytes| String::from_utf8_lossy(bytes).into_owned(), |name| Some(name.to_owned()));
        let shown: Vec<String> = found
            .iter()
            .map(|set| {
                let kind = match &set.kind {
                    SetKind::Dichotomies { chosen } => chosen.join(" "),
                    _ => "codes".to_owned(),
                };
                let members: Vec<&str> = set.members.iter().map(|member| member.label.as_str()).collect();
                format!("{} {:?} {kind}: {}", set.name, set.label.as_deref().unwrap_or_default(), members.join(" "))
            })
            .collect();
        assert_eq!(
            shown,
            [
                "a \"my mcgroup\" codes: a b c",
                "b \"\" 55: g e f d",
                "c \"mdgroup #2\" Yes: h i j",
                "d \"third mdgroup\" 34: Kilo l m",
                "e \"\" choice: n o p",
            ]
        );
    }
}
