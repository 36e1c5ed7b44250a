//! The files that the command line writes, made in the tab: one by one, or all in one archive.

use std::io::Write as _;

use crate::folder;
use crate::refusal::{Refusal, refuse};
use breiband::{CostBook, OutputFile, Plan, Policy, Programme, Region, Scenario, Staged};
use breiband_wire::OutputView;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// Everything behind the plan on screen.
pub(crate) struct Made<'a> {
    pub(crate) region: &'a Region,
    pub(crate) scenario: &'a Scenario,
    pub(crate) book: &'a CostBook,
    pub(crate) plan: &'a Staged<Plan>,
    pub(crate) programme: Option<&'a Programme>,
    /// What the loads of stretches go by.
    pub(crate) policy: Option<&'a Policy>,
}

impl Made<'_> {
    /// What `breiband plan` writes, and what `breiband report` does.
    fn all(&self) -> (Vec<OutputFile>, Vec<OutputFile>) {
        let plan = breiband::files_by(self.region, self.scenario, self.book, self.plan, self.policy);
        let report = |programme| breiband::report(self.region, self.scenario, self.book, self.plan, programme);
        (plan, self.programme.map(report).unwrap_or_default())
    }

    /// Names and sizes of all of them.
    pub(crate) fn list(&self) -> Vec<OutputView> {
        let (plan, report) = self.all();
        let view = |file: OutputFile| OutputView { bytes: file.bytes.len() as u64, name: file.name };
        plan.into_iter().chain(report).map(view).collect()
    }

    /// The file of that name.
    ///
    /// # Errors
    /// The command line writes no such file.
    pub(crate) fn one(&self, name: &str) -> Result<Vec<u8>, Refusal> {
        let (plan, report) = self.all();
        let found = plan.into_iter().chain(report).find(|file| file.name == name);
        found.map(|file| file.bytes).ok_or_else(|| refuse("gone", name.to_owned()))
    }

    /// One page: the council's report in that language, or the plan's own page in it where there is no programme.
    ///
    /// # Errors
    /// Never, as long as the core writes both pages.
    pub(crate) fn page(&self, language: &str, public: bool) -> Result<(String, Vec<u8>), Refusal> {
        let name = format!("{}-{language}.html", if public { "report-public" } else { "report" });
        if self.programme.is_some() {
            return Ok((name.clone(), self.one(&name)?));
        }
        let scenario = Scenario { language: language.to_owned(), ..self.scenario.clone() };
        let bytes = Made { scenario: &scenario, ..*self }.one("summary.html")?;
        Ok((format!("plan-{language}.html"), bytes))
    }

    /// All files as a ZIP archive, the plan's at its top and the programme's in `report/`, with `index.html` to begin
    /// with, which links to all of them.
    ///
    /// # Errors
    /// As [`Made::page`].
    pub(crate) fn folder(&self, language: &str) -> Result<Vec<u8>, Refusal> {
        let (_, page) = self.page(language, true)?;
        let (plan, report) = self.all();
        let report = report.into_iter().map(|file| (format!("{}{}", folder::REPORT, file.name), file.bytes));
        let mut entries: Vec<_> = plan.into_iter().map(|file| (file.name, file.bytes)).chain(report).collect();
        let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
        let page = folder::with_contents(page, language, &names);
        entries.insert(0, ("index.html".to_owned(), page));
        Ok(zip(&entries))
    }
}

/// A ZIP archive (APPNOTE 6.3, no ZIP64: a plan's files stay far below 4 GB). Its dates are 1980-01-01, so that equal
/// files give equal bytes.
pub(crate) fn zip(entries: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in entries {
        let mut crc = Crc::new();
        crc.update(bytes);
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        // Writing to memory does not fail.
        let _ = encoder.write_all(bytes);
        let packed = encoder.finish().unwrap_or_default();
        let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        // Version 2.0, names in UTF-8, deflated, no time, 1 January 1980.
        let mut head = vec![20, 0, 0, 8, 8, 0, 0, 0, 0x21, 0];
        head.extend(crc.sum().to_le_bytes());
        head.extend(size(packed.len()));
        head.extend(size(bytes.len()));
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        let offset = size(out.len());
        out.extend(b"PK\x03\x04");
        out.extend(&head);
        out.extend(name.as_bytes());
        out.extend(packed);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(offset);
        directory.extend(name.as_bytes());
    }
    let (at, long, many) = (out.len() as u32, directory.len() as u32, (entries.len() as u16).to_le_bytes());
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(many);
    out.extend(many);
    out.extend(long.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}
