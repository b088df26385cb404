/// Formats moments as text, without a calendar library, which this module does not import.
package enum Timestamp {
    /// Formats a moment in UTC, such as `2026-11-22T14:01:09.913Z`.
    ///
    /// - Parameter milliseconds: Milliseconds since 1970-01-01.
    /// - Returns: The moment to the millisecond.
    package static func utc(milliseconds: Int64) -> String {
        let (days, inDay) = floored(milliseconds, by: 86_400_000)
        let (year, month, day) = civil(days)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
        let hour = padded(inDay / 3_600_000, 2)
        let minute = padded(inDay / 60_000 % 60, 2)
        let second = padded(inDay / 1_000 % 60, 2)
        return "\(date)T\(hour):\(minute):\(second).\(padded(inDay % 1_000, 3))Z"
    }

    /// Converts days since 1970-01-01 to a date of the Gregorian calendar.
    ///
    /// The year is counted from March, so that the leap day is its last day; 400 years have 146 097 days.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floored(days + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchBased = (5 * dayOfYear + 2) / 153
        let month = marchBased < 10 ? marchBased + 3 : marchBased - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchBased + 2) / 5 + 1)
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func padded(_ value: Int64, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
