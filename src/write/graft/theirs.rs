//! The planner's workbook, read once.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::parallel::largest_first;
use crate::package::PackageError;
use crate::package::archive::Package;
use crate::package::moves::Shift;
use crate::package::path::normal;
use crate::package::tabs::Tabs;
use crate::package::weight::Weight;
use crate::plan::plan::Plan;
use crate::plan::sheets::{SHEETS, SheetId, free_tab, tab_key};
use crate::plan::tables::Table;
use crate::plan::workbook::Workbook;
use crate::write::fit::Fits;
use crate::write::graft::filled;
use crate::write::graft::shift::{Before, Trace};
use crate::write::image::{Image, ImageSheet};
use crate::write::layout::SheetKind;
use crate::write::package::Unfilled;
use crate::write::shell::{Shell, shell};
use crate::write::stored::Data;
use crate::write::strings::Strings;

/// The part of a sheet, read.
pub(super) struct Read {
    pub(super) text: String,
    pub(super) shell: Shell,
    pub(super) data: Data,
}

/// Reads the parts of sheets, side by side, and weighs all of them.
fn read_all(package: &Package<'_>, weight: &Weight, parts: &[String]) -> Result<Vec<Read>, PackageError> {
    let read = |part: &String| {
        let unsound = |_| PackageError::Part(part.clone());
        let text = package.required(part)?;
        let weight = weight.of_sheet(&text)?;
        let shell = shell(&text).map_err(unsound)?;
        let data = Data::read(&text, shell.data.clone()).map_err(unsound)?;
        Ok((weight, Some(Read { text, shell, data })))
    };
    let known: BTreeSet<String> = parts.iter().map(|part| normal(part)).collect();
    let others = weight.sheets().difference(&known).map(|part| (part, false));
    let all = parts.iter().map(|part| (part, true)).chain(others);
    let done = largest_first(
        all,
        |(part, _)| package.size(part),
        |(part, is_ours)| {
            if is_ours { read(part) } else { Ok((weight.of_sheet(&package.required(part)?)?, None)) }
        },
    );
    let done = done.into_iter().collect::<Result<Vec<_>, PackageError>>()?;
    weight.admit(done.iter().map(|(weight, _)| weight).sum())?;
    Ok(done.into_iter().filter_map(|(_, read)| read).collect())
}

/// The cells of the planner's workbook.
pub struct Cells {
    /// Our sheets in it, by the positions of their tabs.
    pub(super) sheets: BTreeMap<usize, Read>,
    pub(super) texts: Strings,
}

/// What a planner did to the layout of our sheets.
pub struct Traced {
    /// Rows and columns that a planner put between ours, and the order of columns.
    pub fits: Fits,
    /// Of each sheet of the image, where rows and columns went.
    pub(super) shifts: Vec<Shift>,
}

/// The planner's workbook.
pub struct Theirs<'a> {
    pub(super) package: Package<'a>,
    pub(super) tabs: Tabs,
    pub(super) workbook: &'a Workbook,
    /// How many bytes it has.
    pub(super) size: usize,
    /// What it weighs beside its sheets.
    weight: Weight,
}

impl<'a> Theirs<'a> {
    /// Reads which sheets a workbook has.
    ///
    /// # Errors
    /// It is stored in a way that cannot be edited safely.
    pub fn open(bytes: &'a [u8], workbook: &'a Workbook) -> Result<Self, PackageError> {
        let package = Package::unweighed(bytes)?;
        let weight = package.weight()?;
        let tabs = Tabs::read(&package)?;
        Ok(Self { package, tabs, workbook, size: bytes.len(), weight })
    }

    /// Whether these are the very parts of a workbook that was made anew.
    ///
    /// # Errors
    /// A part cannot be read.
    pub fn holds(&self, fresh: &Unfilled<'_>) -> Result<bool, PackageError> {
        fresh.stands_in(&self.package)
    }

    /// Reads the cells of our sheets.
    ///
    /// # Errors
    /// They are stored in a way that cannot be edited safely.
    pub fn cells(&self) -> Result<Cells, PackageError> {
        let Self { package, tabs, workbook, weight, .. } = self;
        let ours: BTreeSet<usize> = workbook.tabs.values().filter_map(|tab| tabs.place(tab)).collect();
        let parts: Vec<String> =
            ours.iter().filter_map(|at| tabs.all.get(*at)).map(|tab| tab.part.clone()).collect();
        let (read, texts) = rayon::join(|| read_all(package, weight, &parts), || texts(package, tabs));
        Ok(Cells { sheets: ours.into_iter().zip(read?).collect(), texts: texts? })
    }

    /// Gives sheets of ours another tab where one of the planner's has theirs: a planner's sheet is never overwritten.
    pub fn make_room(&self, plan: &mut Plan) {
        let Self { tabs, workbook, .. } = self;
        let ours: BTreeSet<String> = workbook.tabs.values().map(|tab| tab.to_lowercase()).collect();
        let foreign = tabs.all.iter().filter(|tab| !ours.contains(&tab.name.to_lowercase()));
        let mut taken: BTreeSet<String> = foreign.map(|tab| tab_key(&tab.name)).collect();
        for id in SHEETS {
            let name = plan.tab(id);
            let free = free_tab(&name, &taken);
            // The sheet of reasons is that of checks.
            if id != SheetId::Of(Table::Waivers) {
                taken.insert(tab_key(&free));
            }
            if free != name {
                plan.tabs.insert(id, free);
            }
        }
    }

    /// Holds our sheets in it against `image`, the workbook as it is laid out now.
    pub fn traced(&self, cells: &Cells, image: &Image) -> Traced {
        let trace = |(of, sheet): (usize, &ImageSheet)| {
            let id = SheetId::known(sheet.id)?;
            let tab = self.workbook.tabs.get(&id)?;
            let read = cells.sheets.get(&self.tabs.place(tab)?)?;
            let (strays, area) = (self.workbook.strays.get(tab), self.workbook.areas.get(&id).copied());
            let before = Before { read, shared: &cells.texts.texts, strays, area };
            let trace = Trace::new(&before, sheet, filled(image, of, Some(id)).1);
            let fit = trace.fit(&before, sheet, SheetKind::of(id) == SheetKind::Input);
            Some((id, fit, trace.shift()))
        };
        let sheets = image.sheets.par_iter().with_max_len(1).enumerate().map(trace);
        let mut traced = Traced { fits: Fits::new(), shifts: Vec::new() };
        for trace in sheets.collect::<Vec<_>>() {
            let shift = trace.map(|(id, fit, shift)| {
                if !fit.is_none() {
                    traced.fits.insert(id, fit);
                }
                shift
            });
            traced.shifts.push(shift.unwrap_or_default());
        }
        traced
    }
}

fn texts(package: &Package<'_>, tabs: &Tabs) -> Result<Strings, PackageError> {
    let Some(part) = &tabs.strings else { return Ok(Strings::default()) };
    let text = package.read(part)?;
    Strings::read(text.as_deref()).map_err(|_| PackageError::Part(part.clone()))
}
