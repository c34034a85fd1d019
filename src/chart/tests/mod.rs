mod fonts;
mod pages;
mod samples;
mod wrapping;
