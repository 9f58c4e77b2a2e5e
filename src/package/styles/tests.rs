use std::io::Read as _;

use proptest::prelude::*;

use super::*;

/// What our writer makes, shortened: plain, a number, an input of money, an input of a rate, a head, a month.
const FRESH: &str = r##"<styleSheet xmlns="m"><numFmts count="4"><numFmt numFmtId="164" formatCode="#,##0&quot; USD&quot;"/><numFmt numFmtId="165" formatCode="0.0%"/><numFmt numFmtId="166" formatCode="yyyy-mm-dd"/><numFmt numFmtId="167" formatCode="#,##0"/></numFmts><fonts count="3"><font><sz val="10"/><color theme="1"/><name val="Arial"/><family val="2"/></font><font><sz val="10"/><color rgb="FF0000FF"/><name val="Arial"/><family val="2"/></font><font><b/><sz val="10"/><color rgb="FFFFFFFF"/><name val="Arial"/><family val="2"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF334155"/><bgColor indexed="64"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFF2CC"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left style="thin"><color rgb="FFD9D9D9"/></left><right style="thin"><color rgb="FFD9D9D9"/></right><top style="thin"><color rgb="FFD9D9D9"/></top><bottom style="thin"><color rgb="FFD9D9D9"/></bottom><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="167" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" applyAlignment="1"><alignment vertical="center"/></xf><xf numFmtId="164" fontId="1" fillId="3" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1"><alignment vertical="center"/><protection locked="0"/></xf><xf numFmtId="165" fontId="1" fillId="3" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1"><alignment vertical="center"/><protection locked="0"/></xf><xf numFmtId="0" fontId="2" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1"><alignment horizontal="left" vertical="center" indent="1" wrapText="1"/></xf><xf numFmtId="166" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1" applyAlignment="1"><alignment vertical="center"/></xf></cellXfs><dxfs count="2"><dxf><font><color rgb="FF006100"/></font><fill><patternFill><bgColor rgb="FFC6EFCE"/></patternFill></fill></dxf><dxf><numFmt numFmtId="168" formatCode=";;;"/></dxf></dxfs></styleSheet>"##;

/// The same as LibreOffice saves it: numbers of "General", palette of its own, everything said, in another order.
const LIBRE: &str = r##"<styleSheet xmlns="m"><numFmts count="6"><numFmt numFmtId="164" formatCode=";;;"/><numFmt numFmtId="165" formatCode="General"/><numFmt numFmtId="168" formatCode="#,##0&quot; USD&quot;"/><numFmt numFmtId="169" formatCode="#,##0"/><numFmt numFmtId="170" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="171" formatCode="0.0%"/></numFmts><fonts count="4"><font><sz val="10"/><color rgb="FF000000"/><name val="Arial"/><family val="2"/><charset val="1"/></font><font><sz val="10"/><name val="Arial"/><family val="0"/></font><font><sz val="10"/><color rgb="FF0000FF"/><name val="Arial"/><family val="2"/><charset val="1"/></font><font><b val="true"/><sz val="10"/><color rgb="FFFFFFFF"/><name val="Arial"/><family val="2"/><charset val="1"/></font></fonts><fills count="4"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FF334155"/><bgColor rgb="FF404040"/></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFF2CC"/><bgColor rgb="FFFFEB9C"/></patternFill></fill></fills><borders count="2"><border diagonalUp="false" diagonalDown="false"><left/><right/><top/><bottom/><diagonal/></border><border diagonalUp="false" diagonalDown="false"><left style="thin"><color rgb="FFD9D9D9"/></left><right style="thin"><color rgb="FFD9D9D9"/></right><top style="thin"><color rgb="FFD9D9D9"/></top><bottom style="thin"><color rgb="FFD9D9D9"/></bottom><diagonal/></border></borders><cellStyleXfs count="2"><xf numFmtId="165" fontId="0" fillId="0" borderId="0" applyFont="true" applyBorder="true" applyAlignment="true" applyProtection="true"><alignment horizontal="general" vertical="bottom" textRotation="0" wrapText="false" indent="0" shrinkToFit="false"/><protection locked="true" hidden="false"/></xf><xf numFmtId="9" fontId="1" fillId="0" borderId="0" applyFont="true" applyBorder="false" applyAlignment="false" applyProtection="false"></xf></cellStyleXfs><cellXfs count="6"><xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyFont="false" applyBorder="false" applyAlignment="false" applyProtection="false"><alignment horizontal="general" vertical="bottom" textRotation="0" wrapText="false" indent="0" shrinkToFit="false"/><protection locked="true" hidden="false"/></xf><xf numFmtId="169" fontId="0" fillId="0" borderId="1" xfId="0" applyFont="false" applyBorder="true" applyAlignment="true" applyProtection="false"><alignment horizontal="general" vertical="center" textRotation="0" wrapText="false" indent="0" shrinkToFit="false"/><protection locked="true" hidden="false"/></xf><xf numFmtId="168" fontId="2" fillId="3" borderId="1" xfId="0" applyFont="true" applyBorder="true" applyAlignment="true" applyProtection="true"><alignment horizontal="general" vertical="center" textRotation="0" wrapText="false" indent="0" shrinkToFit="false"/><protection locked="false" hidden="false"/></xf><xf numFmtId="171" fontId="2" fillId="3" borderId="1" xfId="0" applyFont="true" applyBorder="true" applyAlignment="true" applyProtection="true"><alignment horizontal="general" vertical="center" textRotation="0" wrapText="false" indent="0" shrinkToFit="false"/><protection locked="false" hidden="false"/></xf><xf numFmtId="165" fontId="3" fillId="2" borderId="0" xfId="0" applyFont="true" applyBorder="false" applyAlignment="true" applyProtection="false"><alignment horizontal="left" vertical="center" textRotation="0" wrapText="true" indent="1" shrinkToFit="false"/><protection locked="true" hidden="false"/></xf><xf numFmtId="170" fontId="0" fillId="0" borderId="1" xfId="0" applyFont="false" applyBorder="true" applyAlignment="true" applyProtection="false"><alignment horizontal="general" vertical="center" textRotation="0" wrapText="false" indent="0" shrinkToFit="false"/><protection locked="true" hidden="false"/></xf></cellXfs><dxfs count="2"><dxf><font><color rgb="FF006100"/></font><fill><patternFill><bgColor rgb="FFC6EFCE"/></patternFill></fill></dxf><dxf><numFmt numFmtId="164" formatCode=";;;"/></dxf></dxfs></styleSheet>"##;

/// The same as openpyxl saves it.
const PYTHON: &str = r##"<styleSheet xmlns="m"><numFmts count="3"><numFmt numFmtId="164" formatCode="#,##0&quot; USD&quot;" /><numFmt numFmtId="165" formatCode="0.0%" /><numFmt numFmtId="166" formatCode="yyyy-mm-dd" /></numFmts><fonts count="3"><font><name val="Arial" /><family val="2" /><color theme="1" /><sz val="10" /></font><font><name val="Arial" /><family val="2" /><color rgb="000000FF" /><sz val="10" /></font><font><name val="Arial" /><family val="2" /><b val="1" /><color rgb="FFFFFFFF" /><sz val="10" /></font></fonts><fills count="4"><fill><patternFill /></fill><fill><patternFill patternType="gray125" /></fill><fill><patternFill patternType="solid"><fgColor rgb="FF334155" /><bgColor indexed="64" /></patternFill></fill><fill><patternFill patternType="solid"><fgColor rgb="FFFFF2CC" /></patternFill></fill></fills><borders count="2"><border><left /><right /><top /><bottom /><diagonal /></border><border><left style="thin"><color rgb="FFD9D9D9" /></left><right style="thin"><color rgb="FFD9D9D9" /></right><top style="thin"><color rgb="FFD9D9D9" /></top><bottom style="thin"><color rgb="FFD9D9D9" /></bottom><diagonal /></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" /></cellStyleXfs><cellXfs count="6"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" pivotButton="0" quotePrefix="0" xfId="0" /><xf numFmtId="3" fontId="0" fillId="0" borderId="1" applyAlignment="1" pivotButton="0" quotePrefix="0" xfId="0"><alignment vertical="center" /></xf><xf numFmtId="164" fontId="1" fillId="3" borderId="1" applyAlignment="1" applyProtection="1" pivotButton="0" quotePrefix="0" xfId="0"><alignment vertical="center" /><protection locked="0" hidden="0" /></xf><xf numFmtId="165" fontId="1" fillId="3" borderId="1" applyAlignment="1" applyProtection="1" pivotButton="0" quotePrefix="0" xfId="0"><alignment vertical="center" /><protection locked="0" hidden="0" /></xf><xf numFmtId="0" fontId="2" fillId="2" borderId="0" applyAlignment="1" pivotButton="0" quotePrefix="0" xfId="0"><alignment horizontal="left" vertical="center" wrapText="1" indent="1" /></xf><xf numFmtId="166" fontId="0" fillId="0" borderId="1" applyAlignment="1" pivotButton="0" quotePrefix="0" xfId="0"><alignment vertical="center" /></xf></cellXfs><dxfs count="2"><dxf><font><color rgb="FF006100" /></font><fill><patternFill><bgColor rgb="FFC6EFCE" /></patternFill></fill></dxf><dxf><numFmt numFmtId="168" formatCode=";;;" /></dxf></dxfs></styleSheet>"##;

/// A planner's own workbook from Excel, in the colours of its theme.
const EXCEL: &str = r#"<styleSheet xmlns="m" xmlns:mc="c" mc:Ignorable="x14ac" xmlns:x14ac="a"><fonts count="2" x14ac:knownFonts="1"><font><sz val="11"/><color theme="1"/><name val="Calibri"/><family val="2"/><scheme val="minor"/></font><font><b/><sz val="11"/><color theme="4" tint="-0.249977111117893"/><name val="Calibri"/><family val="2"/><scheme val="minor"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor theme="0" tint="-0.1"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles><dxfs count="0"/><tableStyles count="0"/><extLst><ext uri="{u}"/></extLst></styleSheet>"#;

fn open<'a>(theirs: &'a str, fresh: &str) -> Stylesheet<'a> {
    Stylesheet::open(theirs, fresh).unwrap()
}

/// Their part with one text replaced, which must be there.
fn edited(theirs: &str, from: &str, to: &str) -> String {
    assert!(theirs.contains(from), "{from}");
    theirs.replace(from, to)
}

fn with_prefix(text: &str) -> String {
    text.replace('<', "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
}

/// The formats of a template, as our writer makes them.
fn real() -> String {
    let file = crate::template(&crate::read_data("{}").plan, true).unwrap();
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(file)).unwrap();
    let mut text = String::new();
    package.by_name("xl/styles.xml").unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn saving_again_is_no_change_of_looks() {
    for theirs in [FRESH, LIBRE, PYTHON, &with_prefix(PYTHON)] {
        let mut sheet = open(theirs, FRESH);
        for at in 0..6 {
            assert!(sheet.is_ours(at));
            assert_eq!((sheet.fresh(at), sheet.kept(at, at)), (at, at));
        }
        for (their, fresh) in [(0, 0), (1, 1), (0, 1), (1, 0)] {
            assert_eq!(sheet.same_dxf(their, fresh), their == fresh);
        }
        assert_eq!((sheet.dxf(0), sheet.dxf(1)), (0, 1));
        assert_eq!(sheet.finish().unwrap(), *theirs);
    }
}

#[test]
fn what_a_planner_changed_stays() {
    let changes = [
        ("fill", "FFFFF2CC", "FFFFD966"),
        ("colour", "FF0000FF", "FFC00000"),
        ("number format", "formatCode=\"0.0%\"", "formatCode=\"0.00%\""),
        ("place", "vertical=\"center\" textRotation", "vertical=\"top\" textRotation"),
        ("border", "<left style=\"thin\"", "<left style=\"double\""),
        ("bold", "<font><sz val=\"10\"/><color rgb=\"FF0000FF\"/>", "<font><b/><color rgb=\"FF0000FF\"/>"),
    ];
    for (aspect, from, to) in changes {
        let theirs = edited(LIBRE, from, to);
        let mut sheet = open(&theirs, FRESH);
        assert!(!sheet.is_ours(3), "{aspect}");
        assert_eq!(sheet.kept(3, 3), 3, "{aspect}");
        assert_ne!(sheet.fresh(3), 3, "{aspect}");
        // Asked about a cell that is locked now, all but the protection stays.
        let locked = sheet.kept(3, 1);
        let format = &sheet.formats[locked];
        assert!(!format.look.guard.is_free, "{aspect}");
        assert_eq!(sheet.kept(locked, 1), locked, "{aspect}");
    }
}

#[test]
fn one_changed_aspect_keeps_no_other() {
    // Their fill, in a cell whose currency changed since.
    let theirs = edited(FRESH, "FFFFF2CC", "FFFFD966");
    let fresh = edited(FRESH, " USD", " EUR");
    let mut sheet = open(&theirs, &fresh);
    let kept = sheet.kept(2, 2);
    assert_eq!(kept, 6);
    let out = sheet.finish().unwrap();
    assert!(
        out.contains("<numFmt numFmtId=\"169\" formatCode=\"#,##0&quot; EUR&quot;\"/></numFmts>"),
        "{out}"
    );
    assert!(out.contains("<xf numFmtId=\"169\" fontId=\"1\" fillId=\"3\" borderId=\"1\" xfId=\"0\" applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\" applyBorder=\"1\" applyAlignment=\"1\" applyProtection=\"1\"><alignment vertical=\"center\"/><protection locked=\"0\"/></xf></cellXfs>"), "{out}");
    assert_eq!(open(&out, &fresh).kept(6, 2), 6);
}

#[test]
fn what_we_change_ourselves_is_ours() {
    let framed = edited(
        FRESH,
        &FRESH[FRESH.find("<left style").unwrap()..FRESH.find("<diagonal/></border></borders>").unwrap()],
        &["left", "right", "top", "bottom"]
            .map(|side| format!("<{side} style=\"medium\"><color rgb=\"FF9C5700\"/></{side}>"))
            .concat(),
    );
    for theirs in [
        framed,
        edited(FRESH, "Arial", "Microsoft YaHei"),
        edited(FRESH, "Arial", "Noto Sans CJK SC"),
        edited(FRESH, "#,##0&quot; USD&quot;", "#,##0\\ [$zł-415]"),
        edited(FRESH, "xfId=\"0\" applyFont", "quotePrefix=\"1\" xfId=\"0\" applyFont"),
        edited(FRESH, " indent=\"1\" wrapText=\"1\"", ""),
        edited(FRESH, "<protection locked=\"0\"/>", ""),
    ] {
        let mut sheet = open(&theirs, FRESH);
        for at in 0..6 {
            assert_eq!(sheet.kept(at, at), sheet.fresh(at), "{at} {theirs}");
            // Its role changed.
            assert_eq!(sheet.kept(at, 5 - at), sheet.fresh(5 - at), "{at} {theirs}");
        }
    }
}

#[test]
fn formats_go_behind_those_of_a_planners_own_workbook() {
    let mut sheet = open(EXCEL, FRESH);
    assert!(!sheet.is_ours(0) && !sheet.is_ours(1));
    assert_eq!([0, 1, 2, 3, 4, 5].map(|at| sheet.fresh(at)), [2, 3, 4, 5, 6, 7]);
    assert_eq!((sheet.dxf(0), sheet.dxf(1), sheet.dxf(0)), (0, 1, 0));
    assert_eq!(sheet.kept(1, 0), 1);
    let out = sheet.finish().unwrap();
    let begin = EXCEL.split("<fonts").next().unwrap();
    assert!(out.starts_with(&format!("{begin}<numFmts count=\"3\"><numFmt numFmtId=\"164\"")), "{out}");
    for part in [
        "<fonts count=\"5\" x14ac:knownFonts=\"1\">",
        "<cellXfs count=\"8\">",
        // A number format that only a differential one has takes no number of the list.
        "<dxfs count=\"2\"><dxf><font><color rgb=\"FF006100\"/>",
        "<numFmt numFmtId=\"167\" formatCode=\";;;\"/></dxf></dxfs><tableStyles count=\"0\"/>",
        // One that is built in everywhere is not added.
        "<xf numFmtId=\"3\" fontId=\"2\" fillId=\"0\" borderId=\"1\" xfId=\"0\"",
    ] {
        assert!(out.contains(part), "{part}\n{out}");
    }
    settled(&out, FRESH, &sheet.is_fresh_at, &sheet.is_change_at);
}

#[test]
fn a_format_that_hides_what_it_has_is_not_used_again() {
    let theirs =
        edited(FRESH, "applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\"", "applyFill=\"false\"");
    let mut sheet = open(&theirs, FRESH);
    assert_eq!((sheet.fresh(2), sheet.fresh(3)), (6, 7));
    // What it shows is ours all the same.
    assert_eq!(sheet.kept(2, 2), 6);
}

#[test]
fn lists_that_are_missing_begin_as_a_reader_expects() {
    for (theirs, p) in [("<styleSheet/>", ""), ("<x:styleSheet xmlns:x=\"m\"></x:styleSheet>", "x:")] {
        let mut sheet = open(theirs, FRESH);
        assert_eq!(sheet.finish().unwrap(), *theirs);
        assert_eq!(sheet.fresh(2), 1);
        sheet.dxf(1);
        let out = sheet.finish().unwrap();
        let at =
            |name: &str| out.find(&format!("<{p}{name} count")).unwrap_or_else(|| panic!("{name} {out}"));
        assert!(["numFmts", "fonts", "fills", "borders", "cellXfs", "dxfs"].map(at).is_sorted(), "{out}");
        assert!(out.contains(&format!("<{p}fills count=\"3\"><{p}fill><{p}patternFill patternType=\"none\"/></{p}fill><{p}fill><{p}patternFill patternType=\"gray125\"/>")), "{out}");
        settled(&out, FRESH, &sheet.is_fresh_at, &sheet.is_change_at);
    }
    for wrong in ["", "<a/>", "<styleSheet>"] {
        assert!(Stylesheet::open(wrong, FRESH).is_err() && Stylesheet::open(FRESH, wrong).is_err());
    }
}

/// Opened again, the part holds everything already.
fn settled(out: &str, fresh: &str, formats: &BTreeMap<usize, usize>, changes: &BTreeMap<usize, usize>) {
    let mut again = open(out, fresh);
    for (from, to) in formats {
        assert_eq!(again.fresh(*from), *to);
        assert_eq!(again.kept(*to, *from), *to);
    }
    for (from, to) in changes {
        assert_eq!(again.dxf(*from), *to);
        assert!(again.same_dxf(*to, *from));
    }
    assert_eq!(again.finish().unwrap(), *out);
}

#[test]
fn every_format_of_a_template_finds_its_place() {
    let fresh = real();
    let count = tree(&fresh, |_| true).unwrap().child("cellXfs").unwrap().children.len();
    assert!(count > 30, "{count}");
    for theirs in [&fresh, LIBRE, PYTHON, EXCEL, "<styleSheet/>", &with_prefix(EXCEL)] {
        let mut sheet = open(theirs, &fresh);
        for at in 0..count {
            let number = sheet.fresh(at);
            assert_eq!(sheet.formats[number].look, sheet.fresh[at].look);
            assert_eq!(sheet.kept(number, at), number);
            sheet.dxf(at.min(3));
        }
        let out = sheet.finish().unwrap();
        assert_eq!(out == *theirs, *theirs == fresh);
        settled(&out, &fresh, &sheet.is_fresh_at, &sheet.is_change_at);
    }
}

#[test]
fn a_code_says_the_same_in_every_spelling() {
    for (one, other) in [
        ("yyyy-mm-dd", "YYYY\\-MM\\-DD"),
        ("dd.mm.yyyy", "dd\\.mm\\.yyyy"),
        ("#,##0\" USD\"", "#,##0\\ \"USD\""),
        ("mmm yyyy", "mmm\\ yyyy"),
        ("general", "General"),
        ("", "General"),
        ("[red]0", "[RED]0"),
    ] {
        assert_eq!(code::plain(one), code::plain(other));
    }
    assert_ne!(code::plain("0.0"), code::plain("0\\.0"));
    for (one, other, is_kin) in [
        ("#,##0\" EUR\"", "[$¥-804]#,##0", true),
        ("#,##0\" EUR\"", "#,##0\\ [$₽-419]", true),
        ("#,##0", "#,##0 €", true),
        ("[$-415]mmm yyyy", "yyyy\"年\"m\"月\"", true),
        ("yyyy年m月", "mmm\\ yyyy", true),
        ("0.0%", "0.00%", false),
        ("#,##0", "#,##0.00", false),
        ("#,##0", "#,##0;-#,##0", false),
        ("#,##0", "#,##0;[Red]-#,##0", false),
        ("General", "@", false),
        ("yyyy-mm-dd", "dd.mm.yyyy", false),
        ("_-* #,##0_-", "#,##0", false),
    ] {
        assert_eq!(code::skeleton(one) == code::skeleton(other), is_kin, "{one} {other}");
    }
}

/// A part with lists of any items, some of which are like ours, with numbers that may lead nowhere.
fn part() -> impl Strategy<Value = String> {
    let value = prop_oneof!["(true|0|1|10|FF0000FF|FF9C0006|Arial|solid|thin|center)", "[a-z&&[^<&]]{0,3}"];
    let child = (
        prop_oneof![
            "(b|i|u|sz|color|name|vertAlign|patternFill|gradientFill|left|top|diagonal|alignment|protection|numFmt|font|fill|y:b)"
        ],
        prop_oneof!["(val|rgb|theme|indexed|style|patternType|horizontal|wrapText|locked|formatCode)"],
        value.clone(),
    );
    let child = child.prop_map(|(name, key, value)| {
        format!("<{name} {key}=\"{value}\"><color {key}=\"{value}\"/><fgColor rgb=\"{value}\"/></{name}>")
    });
    let inner = prop::collection::vec(child, 0..3).prop_map(|all| all.concat());
    let items = move |name: &'static str| {
        prop::collection::vec(inner.clone(), 0..4).prop_map(move |all| {
            all.iter().map(|x| format!("<{name} diagonalUp=\"1\">{x}</{name}>")).collect::<Vec<_>>().concat()
        })
    };
    let code = prop_oneof!["(General|0\\.0%|mmm yyyy|#,##0|yyyy-mm-dd)", "[0#.,\\-\\\\ _*yA$\\[\\]年]{0,5}"];
    let codes = prop::collection::vec((0_u32..170, code), 0..4).prop_map(|all| {
        let number =
            |(id, code): &(u32, String)| format!("<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>");
        all.iter().map(number).collect::<String>()
    });
    let xf = (
        (0..170_u32, 0..5, 0..5, 0..5),
        "( applyFont=\"0\")?( applyFill=\"false\")?( quotePrefix=\"1\")?( xfId=\"[0-3]\")?",
        "(<alignment horizontal=\"(left|center)\"/>)?(<protection locked=\"0\"/>)?",
    );
    let xf = xf.prop_map(|((n, font, fill, border), flags, inner)| {
        format!("<xf numFmtId=\"{n}\" fontId=\"{font}\" fillId=\"{fill}\" borderId=\"{border}\"{flags}>{inner}</xf>")
    });
    let xfs = prop::collection::vec(xf, 0..6).prop_map(|all| all.concat());
    let lists =
        (codes, items("font"), items("fill"), items("border"), xfs.clone(), xfs, items("dxf"), any::<u8>());
    lists.prop_map(|(codes, fonts, fills, borders, styles, xfs, dxfs, there)| {
        let names = ["numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs"];
        let all = names.iter().zip([codes, fonts, fills, borders, styles, xfs, dxfs]).enumerate();
        let all = all.filter(|(n, _)| there >> n & 1 == 0);
        let lists = all.map(|(_, (name, list))| format!("<{name} count=\"9\">{list}</{name}>"));
        format!("<styleSheet>{}</styleSheet>", lists.collect::<Vec<_>>().concat())
    })
}

/// Whether every format of the part points to what is there.
fn is_whole(part: &str) -> bool {
    let root = tree(part, |_| true).unwrap();
    let count = |list: &str, least: usize| items(&root, list).count().max(least);
    let lists =
        [("fontId", count("fonts", 1)), ("fillId", count("fills", 2)), ("borderId", count("borders", 1))];
    ["cellStyleXfs", "cellXfs"]
        .iter()
        .flat_map(|list| items(&root, list))
        .all(|xf| lists.iter().all(|(key, count)| xf.number(key).is_some_and(|id| id < *count as f64)))
}

proptest! {
    #[test]
    fn adding_twice_adds_nothing(theirs in part(), fresh in part(), is_prefixed: bool) {
        let theirs = if is_prefixed { with_prefix(&theirs).replace("x:y:", "y:") } else { theirs };
        let mut sheet = open(&theirs, &fresh);
        let mut kept = Vec::new();
        for fresh in 0..7 {
            for their in 0..7 {
                let at = sheet.kept(their, fresh);
                prop_assert_eq!(sheet.kept(at, fresh), at);
                kept.push((fresh, at));
            }
            let at = sheet.fresh(fresh);
            prop_assert_eq!(sheet.kept(at, fresh), at);
            sheet.dxf(fresh);
        }
        let out = sheet.finish().unwrap();
        let mut again = open(&out, &fresh);
        // What led nowhere may lead somewhere once there is more.
        if !is_whole(&theirs) {
            return Ok(());
        }
        for (fresh, at) in kept {
            prop_assert_eq!(again.kept(at, fresh), at);
        }
        for fresh in 0..7 {
            prop_assert_eq!(again.fresh(fresh), sheet.fresh(fresh));
            prop_assert_eq!(again.dxf(fresh), sheet.dxf(fresh));
        }
        prop_assert_eq!(again.finish().unwrap(), out);
    }
}
