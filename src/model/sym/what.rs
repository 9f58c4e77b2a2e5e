//! Every kind of number that the workbook shows.

use crate::plan::fields::Field;
use crate::plan::tables::Table;

/// What is measured. The doc of each names its unit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum What {
    /// A question of the Plan form.
    Field(Field),
    /// A column of an input table; `of` is the row.
    Column(Table, u16),
    /// How many segments the plan has. Count.
    SegmentCount,
    /// A part of the revenue gap: the sum of the segments', else the answer on the form. Money.
    Total(Field),
    /// Average first-year revenue of a new customer over all segments. Money.
    Deal,
    /// The live scenario, 1 to 3 (low, base, high).
    ScenarioNumber,
    /// The ramp shape, 1 to 4 (even, ramp, custom, last year).
    ShapeNumber,
    /// 1 where customers are whole, 2 where not.
    WholeNumber,
    /// Last year's revenue that the plan rests on: typed, else the sum of last year's quarters. Money.
    LastRevenue,
    /// Revenue target T. Money.
    RevenueTarget,
    /// Revenue gap G. Money.
    Gap,
    /// Deals that would fill the gap, not rounded. Exact.
    Deals,
    /// Customers needed C. Count.
    CustomersNeeded,
    /// Curvature c of the ramp. Share.
    RampCurve,
    /// The first quarter's share of the ramp: a segment's own, else the plan's. Share.
    FirstShare,
    /// The last quarter's share of the ramp: a segment's own, else the plan's. Share.
    LastShare,
    /// What a segment's own quarter shares add up to, 0 where it has none. Share.
    OwnShares,
    /// 1 for the segment that Targets shows, else 0.
    IsShown,
    /// Place of the segment that Targets shows, counted from 1.
    ShownPlace,
    /// Name of the segment that Targets shows. Text.
    ShownName,
    /// What covered segments have beyond their targets: no other segment can use it. Money.
    Surplus,
    /// Position of a period inside its year or quarter: 1, 2, …. Axis.
    Position,
    /// The quarter that a month is part of: 1 to 4. Axis.
    QuarterNumber,
    /// How many quarters of the year are neighbours of this one: 1 or 2. Axis.
    Neighbours,
    /// First day of a month. Date.
    MonthStart,
    /// Quarter share by the even shape. Share.
    ShareEven,
    /// Quarter share by the ramp. Share.
    ShareRamp,
    /// Quarter share as typed, divided by the sum of the four. Share.
    ShareCustom,
    /// Quarter share of last year's customers. Share.
    ShareLastYear,
    /// The quarter share that is live. Share.
    Share,
    /// Monthly change of customers that the neighbouring quarters suggest. Exact.
    Slope,
    /// Monthly change of customers inside a quarter. Exact.
    Pace,
    /// A month's share of its quarter's customers. Share.
    MonthShare,
    /// Last year's total of a stage or figure. Count or money.
    LastTotal,
    /// Last year's conversion to the next stage. Share.
    LastRate,
    /// Probability that the true rate reaches the planned one, given last year. Share.
    Evidence,
    /// The live conversion rate to the next stage; of a segment its own, 0 where the plan's holds. Share.
    Rate,
    /// Whole months between a stage and the customer. Count.
    LagTotal,
    /// What follows the plan year, 1 or 2 (stop, continue).
    NextYearNumber,
    /// The month's place in the plan year: 1 to 12. Axis.
    MonthNumber,
    /// A stage when its customers close: the chain, before any lag. Exact.
    Effect,
    /// The chain in whole numbers. Count.
    EffectTarget,
    /// The chain since the start of the year, this period included. Exact.
    EffectSoFar,
    /// The chain of the company as one, rounded, since the start of the year, this quarter included. Count.
    EffectWhole,
    /// What lies before the plan year because of the lag. Exact.
    Before,
    /// Of that, what lies more than three months before the year. Exact.
    BeforeEarlier,
    /// Need of a stage: when the work must be done. Exact.
    Exact,
    /// Exact need since the start of the year or quarter, this period included. Exact.
    Running,
    /// Whole need since the start of the year or quarter, this period included. Count.
    RunningWhole,
    /// Whole need of a stage: the target. Count.
    Target,
    /// Conversion that the exact needs imply. Share.
    EffectiveRate,
    /// Target against last year's total. Share.
    Change,
    /// Target per month. Exact.
    PerMonth,
    /// Target per sales rep. Exact.
    PerRep,
    /// What a new customer costs, where the whole budget is spent. Money.
    Cac,
    /// What the year's leads cost at what leads cost last year. Money.
    BudgetNeeded,
    /// What a lead is expected to cost: the budget needed over the leads needed. Money.
    CostPerLead,
    /// What one of a stage cost last year: of a channel, or of all channels together. Money.
    UnitCost,
    /// Last year's part of the channel's leads that became customers. Share.
    LeadToCustomer,
    /// Revenue of a channel that its return counts: times the gross margin, where that is known. Money.
    RevenueKept,
    /// What a channel brought back beyond its spend, over its spend. Share.
    Roi,
    /// The channel's part of what all channels cost last year. Share.
    ShareOfSpend,
    /// The channel's part of last year's leads. Share.
    ShareOfLeads,
    /// The channel's part of last year's customers. Share.
    ShareOfCustomers,
    /// The part of this year's leads that a channel is given, before rounding: of all channels the sum. Share.
    ShareInUse,
    /// The shares in use of this channel and those below it. Share.
    SharesFrom,
    /// Whole leads of this year that the channels above this one are given. Count.
    LeadsBefore,
    /// Whole leads of this year that a channel is given. Count.
    LeadsAllocated,
    /// What a channel's lead is taken to cost this year: last year's cost, else that of all channels. Money.
    LeadCost,
    /// What a budget has beyond what is needed, below 0 where it is short. Money.
    BudgetLeft,
    /// The marketing budget, where it is known. Money.
    Budget,
    /// What a lead of the company cost last year. Money.
    LastCostPerLead,
    /// 1 where a channel returns too little, else 0.
    HintStop,
    /// 1 where a channel returns more, and wins customers for less, than all channels together, else 0.
    HintScale,
    /// 1 where too few of a channel's leads become customers, else 0.
    HintFix,
    /// What the figures suggest for a channel, 1 to 4: scale, keep, fix, stop.
    HintNumber,
    /// The word for it.
    Hint,
    /// What the plan wants of a KPI: over a period where it adds up, else at its end. In the KPI's unit.
    KpiTarget,
    /// Where a KPI stands before a period: of the year last year's or the baseline. In the KPI's unit.
    KpiStart,
    /// A quarter's share of what the typed quarters of a KPI leave, 0 where the quarter is typed. Share.
    KpiOpen,
    /// The latter since the start of the year, this quarter included. Share.
    KpiOpenSoFar,
    /// What the typed quarters of a KPI leave of its year. In the KPI's unit.
    KpiRest,
    /// Decimals that a KPI that is counted is rounded to: 0, or 6 where it is not whole. Count.
    KpiDigits,
    /// What was spread of a KPI since the start of its year or quarter, this period included. In the KPI's unit.
    KpiSoFar,
    /// The point of a quarter on the straight line from where a KPI stands to its target. In the KPI's unit.
    KpiLine,
    /// Monthly change of a KPI inside a quarter. In the KPI's unit.
    KpiStep,
    /// What is reached of a quarter by the end of a month. Share.
    MonthShareSoFar,
    /// What the plan wants of something that is followed by month. In its own unit, like all that follows of it.
    Planned,
    /// A typed actual that counts: one of a month up to the as-of date.
    Actual,
    /// The actuals of the year so far; of the year, up to the last one that is known.
    ActualToDate,
    /// The plan for the months whose actuals are known.
    PlannedToDate,
    /// Actual less planned, to date.
    Variance,
    /// Actual over planned; of the year to date. Share.
    Attainment,
    /// 1 where actuals of a month count: it is not after the as-of date. Axis.
    Counted,
    /// The month's number where anything was typed for it, else 0.
    KnownMonth,
    /// The last month of which anything is known, 0 where nothing is. Count.
    AsOfMonth,
    /// The first day of that month. Date.
    AsOfStart,
    /// The forecast policy, 1 to 4 (hold, even, ramp, observed).
    PolicyNumber,
    /// The actual that follows from the actuals of a KPI's parts; of the year to date.
    PartsActual,
    /// The plan to date that follows from the plans to date of its parts.
    PartsPlanned,
    /// The planned value of a month whose actual is known.
    PlannedKnown,
    /// The known actuals so far, or the last one that is known where they do not add up.
    ActualRunning,
    /// The plan of the months whose actuals are known, so far.
    PlannedRunning,
    /// The plan so far, known or not.
    PlannedSoFar,
    /// What decides the status: actual over planned to date, the other way round where lower is better. Share.
    Score,
    /// How it stands, 1 to 3: on track, at risk, off track.
    StatusNumber,
    /// The word for it.
    Status,
    /// The planned value of a month whose actual is not known yet.
    PlannedOpen,
    /// How many months are open. Count.
    OpenMonths,
    /// The last month whose actual is known: 1 to 12, 0 where none is.
    LastKnown,
    /// What is missing to date; where it does not add up, how far it stands from the plan.
    Shortfall,
    /// What each open month adds to catch up evenly.
    CatchUpEven,
    /// The part of its plan that each open month adds to catch up along the ramp. Share.
    CatchUpRamp,
    /// How much of a distance from the plan is still there in a month, where it closes evenly. Share.
    Closing,
    /// The actual of the wider stage that a known actual came from.
    SeenWider,
    /// The known actuals of months whose origin in the wider stage is known.
    Seen,
    /// The conversion from the wider stage that was observed; of what has none, actual over planned. Share.
    ObservedRate,
    /// What a month brings at the observed rate.
    Observed,
    /// What is to be expected, not rounded.
    ForecastExact,
    /// What the open months bring, so far, not rounded.
    OpenRunning,
    /// The same in whole numbers. Count.
    OpenWhole,
    /// What is to be expected: the actual where it is known, else by the forecast policy.
    Forecast,
    /// What a customer brings over the lifetime, after cost of sales. Money.
    Ltv,
    /// The latter over the former. Number.
    LtvToCac,
    /// Months until a customer has paid back what it cost. Exact.
    CacPayback,
    /// Sales visits that the year needs. Count.
    VisitsNeeded,
    /// The same per sales rep and month. Exact.
    VisitsPerRep,
    /// Sales reps whom these visits need. Count.
    RepsNeeded,
    /// What a customer may still cost below the ceiling; below 0 where it costs more. Money.
    CacRoom,
    /// Name of a segment beside its working figures. Text.
    SegmentName,
    /// What the customers needed bring, as a part of the revenue gap. Share.
    GapMet,
    /// Customers that a scenario's rates make of the people whom the live plan brings in at the top. Exact.
    Reached,
    /// What those bring, as a part of the revenue gap. Share.
    GapReached,
    /// A rate, at most 1, or the deal size after the improvement. Share or money.
    Improved,
    /// The part of the people at and above a stage that is still needed after the improvement. Share.
    Kept,
    /// Deals that would fill the gap at a better deal size. Exact.
    DealsAgain,
    /// Customers needed at a better deal size. Count.
    CustomersAgain,
    /// The widest stage after an improvement, as customers close. Exact.
    TopAgain,
    /// Leads after an improvement, as customers close. Exact.
    LeadsAgain,
    /// What an improvement saves at the widest stage. Exact.
    TopSaved,
    /// Leads that an improvement saves. Exact.
    LeadsSaved,
    /// What those leads would cost. Money.
    MoneySaved,
    /// How far the quarters of a stage, or of a KPI that adds up, are from its year. In its unit.
    QuartersOff,
    /// How far the months of a stage, or of a KPI that adds up, are from its quarters. In its unit.
    MonthsOff,
    /// How far the segments' quarters of a stage are from the company's year. Count.
    SegmentsOff,
    /// The funnel run forward from the widest stage. Exact.
    Forward,
    /// How far a check is off. Number.
    CheckValue,
    /// How far a check may be off. Number.
    CheckTolerance,
    /// 1 where a check fails, else 0.
    CheckFails,
    /// OK or CHECK.
    CheckVerdict,
    /// How many checks fail. Count.
    MasterFails,
    /// OK or CHECK for all checks.
    MasterVerdict,
    /// Weight of a row in the fingerprint of the inputs. Axis.
    Weight,
    /// Live weighted sum of a run of numeric inputs. Number.
    Fingerprint,
    /// The same at the build. Number.
    FingerprintAtBuild,
    /// How far the two are apart, relative. Number.
    FingerprintOff,
    /// What people call a plan of a roll-up. Text.
    PlanName,
    /// The file that a plan of a roll-up was read from. Text.
    FileName,
    /// Identity of a plan of a roll-up over its versions. Text.
    PlanIdentity,
    /// The version that the last build of a plan wrote. Count.
    VersionNumber,
    /// The day of that build; of a roll-up its own day. Date.
    BuiltOn,
    /// How many errors stand in a plan. Count.
    FoundErrors,
    /// How many warnings stand in a plan. Count.
    FoundWarnings,
    /// How many notes stand in a plan. Count.
    FoundNotes,
    /// What was found in a plan, in a word. Text.
    Health,
    /// The same as a number, 1 to 4: fine, warnings, errors, not readable.
    HealthNumber,
    /// How many plans are of such a health. Count.
    HealthCount,
    /// How many plans have a number that is summed. Count.
    PlansCounted,
    /// How many plans a roll-up has. Count.
    PlanCount,
    /// The code of a currency. Text.
    CurrencyCode,
    /// What one unit of a currency is worth in that of the company. Number.
    ExchangeRate,
    /// Target over last year's revenue, less one. Share.
    TargetGrowth,
    /// A plan's part of the company's revenue target. Share.
    ShareOfTarget,
    /// What the sales force costs. Money.
    SalesCost,
    /// Budget and sales cost of a plan whose budget is known. Money.
    CountedSpend,
    /// New customers of a plan whose budget is known. Count.
    CountedCustomers,
    /// Target of the plans that a list leaves out. Money.
    OtherTargets,
    /// Their part of the company's revenue target. Share.
    OtherShare,
}
