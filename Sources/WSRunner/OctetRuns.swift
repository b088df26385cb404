/// Octets as literal ones and as repetitions of those before them, which is what long payloads are made of.
struct OctetRuns {
    /// The parts, in order; together they are the octets.
    private(set) var runs: [Run] = []

    /// The longest period that is looked for: all values of an octet in turn.
    static let period = 256

    /// A part.
    enum Run {
        /// These very octets.
        case literal(Range<Int>)
        /// So many octets, each the one that stands so far before it.
        case again(back: Int, length: Int)
    }

    /// What is repeated: one octet, or all values of an octet in turn.
    private static let periods = [1, period]
    /// Shorter repetitions are as short when they are written out.
    private static let shortest = 32

    /// Finds the parts of octets.
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
