/// Splits octets into literal parts and repetitions of earlier octets, of which long payloads consist.
struct OctetRuns {
    /// The parts, in order; together they are the octets.
    private(set) var runs: [Run] = []

    /// The longest period that is looked for: all 256 values of an octet in turn.
    static let period = 256

    /// A part of the octets.
    enum Run {
        /// These octets, as they are.
        case literal(Range<Int>)
        /// A number of octets, each equal to the one `back` places before it.
        case again(back: Int, length: Int)
    }

    /// The periods that are looked for: one octet, or all values in turn.
    private static let periods = [1, period]
    /// The shortest repetition that is worth a part of its own.
    private static let shortest = 32

    /// Splits octets into parts.
    init(_ octets: [UInt8]) {
        let octets = octets.span
        var index = 0
        var literal = 0
        while index < octets.count {
            var longest = (back: 0, length: 0)
            for back in Self.periods where back <= index {
                var length = 0
                while index + length < octets.count, octets[index + length] == octets[index + length - back] {
                    length += 1
                }
                if length > longest.length { longest = (back, length) }
            }
            guard longest.length >= Self.shortest else {
                index += 1
                continue
            }
            if literal < index { runs.append(.literal(literal..<index)) }
            runs.append(.again(back: longest.back, length: longest.length))
            index += longest.length
            literal = index
        }
        if literal < index { runs.append(.literal(literal..<index)) }
    }
}
