//! Samples of a known population, and the estimate of its share.

use std::path::Path;

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use topline::{
    design::SampleDesign,
    estimate::{Estimate, Estimator},
    responses::{Cells, Intake, take_batch},
    study::{
        Study,
        resolve::{Catalog, resolve},
        spec::Spec,
    },
    tally::{Counter, Plan},
};

pub const SEED: u64 = 20_261_125;
/// How people are alike whom one unit holds: a unit has ten of them.
const IN_UNIT: usize = 10;
const INTRA_CLUSTER_CORRELATION: f64 = 0.1;

/// How people come into the sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sample {
    /// One by one.
    Independent,
    /// In units of ten, of which the study file tells.
    Clustered,
}

/// A population and a sample of it.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub sample: Sample,
    pub share: f64,
    pub size: usize,
}

/// The random numbers of one sample: the same on every machine, whichever thread asks.
pub fn random(setting: Setting, sample: u64) -> ChaCha8Rng {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let place = setting.size as u64 * 1000 + (setting.share * 1000.0) as u64;
    let is_clustered = u64::from(setting.sample == Sample::Clustered);
    random.set_stream((place << 32 | sample) << 1 | is_clustered);
    random
}

/// What the people of a sample say.
pub fn answers(setting: Setting, random: &mut ChaCha8Rng) -> Vec<bool> {
    match setting.sample {
        Sample::Independent => (0..setting.size).map(|_| uniform(random) < setting.share).collect(),
        Sample::Clustered => (0..setting.size / IN_UNIT).flat_map(|_| unit(setting.share, random)).collect(),
    }
}

/// A unit whose share is drawn from a beta distribution, as Pólya's urn has it: who is asked next says more often what
/// those before said.
pub fn unit(share: f64, random: &mut ChaCha8Rng) -> [bool; IN_UNIT] {
    const ALIKE: f64 = INTRA_CLUSTER_CORRELATION;
    let mut said = 0.0;
    std::array::from_fn(|before| {
        let chance = (share * (1.0 - ALIKE) + ALIKE * said) / (1.0 - ALIKE + ALIKE * before as f64);
        let says_so = uniform(random) < chance;
        said += f64::from(u8::from(says_so));
        says_so
    })
}

fn uniform(random: &mut ChaCha8Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

pub fn study(sample: Sample) -> Study {
    let units = if sample == Sample::Clustered { "units = \"unit\"" } else { "" };
    let text = format!(
        "[data]\nfile = \"none.csv\"\n[design]\n{units}\n[[question]]\nid = \"answer\"\noptions = [\"yes\", \"no\"]\n"
    );
    let (spec, problems) = Spec::parse("study.toml", &text);
    resolve(&spec, Path::new(""), &Catalog::default(), problems).unwrap_or_else(|problems| panic!("{problems}"))
}

/// The share of those who say yes.
pub fn estimate(study: &Study, answers: &[bool]) -> Estimate {
    let plan = Plan::new(study);
    let mut intakes: Vec<Intake> = plan.requests.iter().map(Intake::new).collect();
    for (intake, request) in intakes.iter_mut().zip(&plan.requests) {
        if request.column == "unit" {
            let units: Vec<f64> = (0..answers.len()).map(|person| (person / IN_UNIT) as f64).collect();
            intake.numbers(&units, 1);
        } else {
            let keys: Vec<u32> = answers.iter().map(|says_so| u32::from(!says_so)).collect();
            intake.repeated(&["yes", "no"], &keys, 1);
        }
    }
    let mut counter = Counter::new(&plan);
    counter.add(&take_batch(&mut intakes, answers.len()));
    let tally = counter.finish();
    let (design, problems) = SampleDesign::new(&study.design, &tally.frame, |_, key| key.to_string());
    assert!(problems.is_empty(), "{problems}");
    let estimates = Estimator::new(study, &plan, &design, &tally).all();
    estimates.questions[0].domains[0].shares[0].estimate.expect("somebody was asked")
}
