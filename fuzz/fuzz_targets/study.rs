//! Study files, with the conditions in them.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| topline_fuzz::study(text));
