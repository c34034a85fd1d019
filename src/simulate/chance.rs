//! Random numbers, and numbers that only look random because they follow from names.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// Which world is drawn.
#[derive(Clone, Copy, Debug)]
pub enum Seed {
    /// The respondents on whom intercepts are fitted, always the same.
    Pilot,
    /// The responses that are written.
    Run(u64),
}

/// The random numbers of one purpose.
#[derive(Clone, Debug)]
pub struct Stream {
    purpose: u64,
    generator: ChaCha8Rng,
}

impl Stream {
    /// The stream of a purpose, such as the id of a question and what is drawn for it.
    pub fn new(purpose: &[&str]) -> Self {
        let mut stream = Self { purpose: hash(purpose), generator: ChaCha8Rng::from_seed([0; 32]) };
        stream.start(Seed::Pilot);
        stream
    }

    /// Goes back to the first number.
    pub fn start(&mut self, seed: Seed) {
        let mut key = [0; 32];
        if let Seed::Run(seed) = seed {
            key[..8].copy_from_slice(&seed.to_le_bytes());
            key[8] = 1;
        }
        self.generator = ChaCha8Rng::from_seed(key);
        self.generator.set_stream(self.purpose);
    }

    /// A number from 0 to just below 1.
    pub fn uniform(&mut self) -> f64 {
        f64::from(self.generator.next_u32()) / 4_294_967_296.0
    }

    /// A nearly normal number of mean 0 and variance 1, never further out than 3.5.
    pub fn bell(&mut self) -> f64 {
        bell(self.generator.next_u64())
    }
}

/// A number from 0 to just below 1 that follows from names.
pub fn uniform_of(names: &[&str]) -> f64 {
    (hash(names) >> 11) as f64 / (1u64 << 53) as f64
}

/// Sixty-four signs that follow from two numbers.
pub fn signs_of(one: u64, other: u64) -> u64 {
    mixed(mixed(one.wrapping_add(0x9E37_79B9_7F4A_7C15)) ^ other.wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A nearly normal number that follows from names.
pub fn bell_of(names: &[&str]) -> f64 {
    bell(hash(names))
}

/// Four uniform numbers added: mean 2, variance a third.
fn bell(bits: u64) -> f64 {
    let sum: u64 = (0..4).map(|part| bits >> (16 * part) & 0xFFFF).sum();
    (sum as f64 / 65_535.0 - 2.0) * 3f64.sqrt()
}

/// FNV-1a with the finish of splitmix64, because FNV alone leaves the last names' bits close together.
fn hash(names: &[&str]) -> u64 {
    let bytes = names.iter().flat_map(|name| name.bytes().chain([0xFF]));
    let folded =
        bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3));
    mixed(folded)
}

fn mixed(bits: u64) -> u64 {
    let mixed = (bits ^ bits >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ mixed >> 31
}
