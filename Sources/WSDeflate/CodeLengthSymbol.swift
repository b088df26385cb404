/// What the lengths of codes are written in (RFC 1951 section 3.2.7).
public enum CodeLengthSymbol: Sendable, Hashable {
    /// A length.
    case length(UInt8)
    /// The previous length again, from 3 to 6 times.
    case repeatPrevious(Int)
    /// No code, from 3 to 138 times.
    case zeros(Int)

    var symbol: Int {
        switch self {
        case .length(let length): Int(length)
        case .repeatPrevious: 16
        case .zeros(let count): count < 11 ? 17 : 18
        }
    }

    var extra: Int {
        switch self {
        case .length: 0
        case .repeatPrevious(let count): count - 3
        case .zeros(let count): count < 11 ? count - 3 : count - 11
        }
    }

    var extraBits: Int {
        switch self {
        case .length: 0
        case .repeatPrevious: 2
        case .zeros(let count): count < 11 ? 3 : 7
        }
    }

    /// The lengths, with repetitions wherever they fit.
    public static func shortest(_ lengths: [UInt8]) -> [CodeLengthSymbol] {
        var symbols: [CodeLengthSymbol] = []
        var index = 0
        while index < lengths.count {
            let length = lengths[index]
            let run = lengths[index...].prefix { $0 == length }.count
            if length == 0, run >= 3 {
                symbols.append(.zeros(min(run, 138)))
                index += min(run, 138)
            } else if index > 0, lengths[index - 1] == length, run >= 3 {
                symbols.append(.repeatPrevious(min(run, 6)))
                index += min(run, 6)
            } else {
                symbols.append(.length(length))
                index += 1
            }
        }
        return symbols
    }
}
