//! What somebody could work out who reads everything that is released: attacks that know nothing of how the gate works.

use proptest::prelude::{Strategy, prop, prop_assert, proptest};
use topline::{
    disclosure::{Figure, Release, ReleasedDomain, release},
    estimate::Statistic,
    responses::{Batch, Cells, Intake, take_batch},
    study::Study,
    tally::Plan,
};

use super::{estimates, meant, tally};

const OPTIONS: usize = 4;
const LEVELS: usize = 2;
const MINIMUM: u64 = 5;
const FEW: u64 = 30;

/// A respondent: the level, the pattern of chosen options as bits, a single answer, a yes or no, a number.
type Row = (u8, u8, u8, u8, u8);

/// Rare patterns make small cells.
fn rows() -> impl Strategy<Value = Vec<Row>> {
    let pattern = prop::sample::select(vec![0_u8, 1, 1, 2, 2, 4, 4, 8, 8, 15]);
    let others = (0_u8..16, prop::sample::select(vec![2_u8, 4, 8, 16]));
    let common = prop::sample::select(vec![0_u8, 0, 0, 0, 0, 0, 0, 1]);
    let row = (0..=LEVELS as u8, pattern, 0_u8..3, common, 0_u8..4, 0_u8..16);
    (prop::collection::vec(row, 20..200), prop::collection::vec(others, 1..16)).prop_map(|(rows, others)| {
        // Now and then one of a few other patterns, more or less often.
        let often = others[0].1;
        let pattern =
            |usual: u8, dice: u8| if dice % often == 1 { others[usize::from(dice) % others.len()].0 } else { usual };
        let row = |(level, usual, single, flag, number, dice)| (level, pattern(usual, dice), single, flag, number);
        rows.into_iter().map(row).collect()
    })
}

/// Nets as the bits of their options.
fn nets() -> impl Strategy<Value = Vec<u8>> {
    let net = prop::sample::select(vec![3_u8, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15]);
    prop::collection::vec(net, 1..5)
}

fn study(nets: &[u8], contrasts: &str) -> Study {
    let codes =
        |net: u8| (0..OPTIONS).filter(move |option| net >> option & 1 == 1).map(|option| format!("\"{option}\""));
    let nets: Vec<String> = (nets.iter().enumerate())
        .map(|(index, net)| format!("net{index} = [{}]", codes(*net).collect::<Vec<_>>().join(", ")))
        .collect();
    let text = format!(
        r#"
[data]
file = "none.csv"
[[segment]]
id = "level"
levels = ["0", "1"]
allow_empty = true
[[question]]
id = "many"
kind = "multiple"
options = ["0", "1", "2", "3"]
nets = {{ {} }}
[[question]]
id = "single"
options = ["0", "1", "2"]
[[question]]
id = "flag"
kind = "number"
[[question]]
id = "number"
kind = "number"
quantiles = [0.25, 0.5, 0.75]
[[question]]
id = "rate"
kind = "ratio"
columns = ["flag", "one"]
{contrasts}
"#,
        nets.join(", ")
    );
    meant(&text)
}

fn released(study: &Study, rows: &[Row]) -> Release {
    let plan = Plan::new(study);
    release(study, &plan, &estimates(study, &plan, &tally(&plan, &[batch(&plan, rows)])))
}

fn batch(plan: &Plan, rows: &[Row]) -> Batch {
    let mut intakes: Vec<Intake> = plan.requests.iter().map(Intake::new).collect();
    for (intake, request) in intakes.iter_mut().zip(&plan.requests) {
        for (level, pattern, single, flag, number) in rows {
            let value = match request.column.as_str() {
                "level" if usize::from(*level) == LEVELS => String::new(),
                "level" => level.to_string(),
                "single" => single.to_string(),
                "flag" => flag.to_string(),
                "number" => number.to_string(),
                "one" => "1".to_owned(),
                option => {
                    (pattern >> option.trim_start_matches("many_").parse::<u8>().expect("an option") & 1).to_string()
                }
            };
            intake.text(&value, 1);
        }
    }
    take_batch(&mut intakes, rows.len())
}

fn is_shown(figure: Option<&Figure>) -> bool {
    figure.is_some_and(|figure| figure.shown().is_some())
}

fn net(domain: &ReleasedDomain, index: usize) -> Option<&Figure> {
    domain.further.iter().find(|(statistic, _)| *statistic == Statistic::Net(index)).map(|(_, figure)| figure)
}

fn is_small(count: i64) -> bool {
    count > 0 && count < MINIMUM as i64
}

/// Those at the levels; those in none and everybody are the last.
fn groups(rows: &[Row]) -> Vec<Vec<Row>> {
    let of = |level: usize| rows.iter().filter(|row| usize::from(row.0) == level).copied().collect();
    (0..=LEVELS).map(of).chain([rows.to_vec()]).collect()
}

#[test]
fn a_ratio_of_a_yes_or_no_is_a_share() {
    let shown = |yes: u8| {
        let rows: Vec<Row> = (0..40).map(|row| (0, 0, 0, u8::from(row < yes), row % 4)).collect();
        is_shown(released(&study(&[3], ""), &rows).questions[4].domains[0].mean.as_ref())
    };
    assert_eq!([0, 3, 5, 20, 36, 40].map(shown), [true, false, true, true, false, true]);
}

#[test]
fn each_quantile_needs_respondents_of_its_own() {
    let shown = |respondents: u8| -> Vec<bool> {
        let rows: Vec<Row> = (0..respondents).map(|row| (0, 0, 0, 0, row % 4)).collect();
        let release = released(&study(&[3], ""), &rows);
        let further = &release.questions[3].domains[0].further;
        further.iter().map(|(_, figure)| is_shown(Some(figure))).collect()
    };
    assert_eq!(shown(28), [false, false, false]);
    assert_eq!(shown(40), [true, true, false]);
    assert_eq!(shown(48), [true, true, true]);
}

proptest! {
    /// Sums of what is shown that can only be a number of respondents are never one of a few.
    #[test]
    fn nets_together_tell_of_no_few(rows in rows(), nets in nets()) {
        let release = released(&study(&nets, ""), &rows);
        let domains = &release.questions[0].domains;
        let groups = groups(&rows);
        let in_no_level = groups[LEVELS].len();
        // Those in no level are known where the others are.
        for (group, shown_in) in [(0, vec![1]), (1, vec![2]), (LEVELS + 1, vec![0]), (LEVELS, vec![0, 1, 2])] {
            let is_known = |of: &dyn Fn(&ReleasedDomain) -> bool| shown_in.iter().all(|domain| of(&domains[*domain]));
            if group == LEVELS && in_no_level == 0 {
                continue;
            }
            // The base is known, and those who chose from any set of options that is shown.
            let mut sets: Vec<u8> = vec![1 << OPTIONS];
            sets.extend((0..OPTIONS).filter(|option| is_known(&|domain| is_shown(domain.shares.get(*option)))).map(|option| 1 << option));
            sets.extend((0..nets.len()).filter(|index| is_known(&|domain| is_shown(net(domain, *index)))).map(|index| nets[index]));
            if !is_known(&|domain| domain.bases.is_some()) {
                continue;
            }
            sets.sort_unstable();
            sets.dedup();
            // Everybody has the bit of the base.
            let counts_in = |set: u8, pattern: u8| i64::from(set & (pattern | 1 << OPTIONS) != 0);
            let factors = 3_usize.pow(sets.len() as u32);
            for code in 0..factors {
                let factors: Vec<i64> = (0..sets.len() as u32).map(|index| (code / 3_usize.pow(index) % 3) as i64 - 1).collect();
                let sum = |pattern: u8| -> i64 { sets.iter().zip(&factors).map(|(set, factor)| factor * counts_in(*set, pattern)).sum() };
                if (0..1 << OPTIONS).all(|pattern| sum(pattern) >= 0) {
                    let found: i64 = groups[group].iter().map(|row| sum(row.1)).sum();
                    prop_assert!(!is_small(found), "{found} in group {group} from {sets:?} times {factors:?}");
                }
            }
        }
    }

    /// The standard error of a contrast tells how many gave both answers; of two groups one less the other follows.
    #[test]
    fn contrasts_tell_of_no_few(rows in rows(), one in 0_usize..4, other in 0_usize..4) {
        let among = ["", ", level = \"0\"", ", level = \"1\"", ", rest_of = \"1\""];
        let is_in = |among: usize, row: &Row| match among {
            0 => true,
            1 => row.0 == 0,
            2 => row.0 == 1,
            _ => row.0 != 1,
        };
        let pairs = [
            ["question = \"many\", option = \"0\"", "question = \"many\", option = \"1\""],
            ["question = \"single\", option = \"0\"", "question = \"many\", option = \"2\""],
            ["question = \"single\", option = \"0\"", "question = \"flag\""],
        ];
        let contrasts: String = (pairs.iter().enumerate())
            .flat_map(|(pair, cells)| [one, other].map(|among| (pair, cells, among)))
            .enumerate()
            .map(|(index, (pair, [first, second], of))| {
                let among = among[of];
                format!(
                    "[[contrast]]\nid = \"c{pair}_{index}\"\nsegment = \"level\"\ncells = [{{ {first}{among} }}, {{ {second}{among} }}]\n"
                )
            })
            .collect();
        let release = released(&study(&[3], &contrasts), &rows);
        let answers: [fn(&Row) -> [bool; 2]; 3] = [
            |row| [row.1 & 1 == 1, row.1 & 2 == 2],
            |row| [row.2 == 0, row.1 & 4 == 4],
            |row| [row.2 == 0, row.3 == 1],
        ];
        for (figures, answers) in release.contrasts.chunks(2).zip(answers) {
            let shown = [is_shown(figures.first()), is_shown(figures.get(1))];
            let of = |among: usize| -> Vec<&Row> { rows.iter().filter(|row| is_in(among, row)).collect() };
            let less = |one: usize, other: usize| -> Vec<&Row> {
                rows.iter().filter(|row| is_in(one, row) && !is_in(other, row)).collect()
            };
            let mut groups = Vec::new();
            groups.extend(shown[0].then(|| of(one)));
            groups.extend(shown[1].then(|| of(other)));
            if shown == [true, true] && (less(one, other).is_empty() || less(other, one).is_empty()) {
                groups.extend([less(one, other), less(other, one)]);
            }
            for group in groups.iter().filter(|group| !group.is_empty()) {
                for kind in [[true, true], [true, false], [false, true], [false, false]] {
                    let count = group.iter().filter(|row| answers(row) == kind).count() as i64;
                    prop_assert!(!is_small(count), "{count} of {} gave {kind:?}", group.len());
                    prop_assert!(count > 0 || group.len() as u64 >= FEW, "of {} none gave {kind:?}", group.len());
                }
            }
        }
    }

    /// The mean of a number that has two values is a share, and one of a few who are alike says what each of them is.
    #[test]
    fn means_tell_of_no_few(rows in rows()) {
        let release = released(&study(&[3], ""), &rows);
        let groups = groups(&rows);
        let mean = |question: usize, domain: usize| is_shown(release.questions[question].domains[domain].mean.as_ref());
        for (group, shown_in) in [(0, vec![1]), (1, vec![2]), (LEVELS + 1, vec![0]), (LEVELS, vec![0, 1, 2])] {
            let (rows, n) = (&groups[group], groups[group].len() as u64);
            if n > 0 && shown_in.iter().all(|domain| mean(2, *domain)) {
                let yes = rows.iter().filter(|row| row.3 == 1).count() as u64;
                prop_assert!(!is_small(yes as i64) && !is_small((n - yes) as i64), "{yes} of {n} in group {group}");
                prop_assert!((yes > 0 && yes < n) || n >= FEW, "{yes} of {n} in group {group}");
            }
            if n > 0 && n < FEW && shown_in.iter().all(|domain| mean(3, *domain)) {
                prop_assert!(rows.iter().any(|row| row.4 != rows[0].4), "all {n} in group {group} gave the same number");
            }
        }
    }
}
