import ArgumentParser
import WSLimits

/// The options for sizes of messages.
struct SizeOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Read a compressed message of the peer's up to so many octets inflated.",
            valueName: "size"
        )
    )
    var maxMessage = ByteCount(Limits.inflatedMessage.value)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The largest message that the peer accepts; learned where cases need it and it is not given.",
            valueName: "size"
        )
    )
    var peerLimit: ByteCount?

    func validate() throws {
        try Self.check(maxMessage, of: "--max-message")
        if let peerLimit { try Self.check(peerLimit, of: "--peer-limit") }
    }

    private static func check(_ size: ByteCount, of option: String) throws {
        guard ByteCount.valid.contains(size.octets) else {
            throw ValidationError("\(option) \(size) is out of range; give a size from 1 to 1G, such as 64M")
        }
    }
}

/// A number of octets as users write it: `65536`, `64K`, `64KiB`, `64M` or `1G`.
struct ByteCount: ExpressibleByArgument, CustomStringConvertible {
    /// The number.
    var octets: Int

    /// The sizes that make sense for a message.
    static let valid = 1...(1 << 30)

    private static let units: [(letter: Character, octets: Int)] = [("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)]

    init(_ octets: Int) {
        self.octets = octets
    }

    init?(argument: String) {
        var text = argument.uppercased()[...]
        if text.hasSuffix("IB") { text = text.dropLast(2) }
        let unit = Self.units.first { text.last == $0.letter }
        if unit != nil { text = text.dropLast() }
        if unit == nil, argument.uppercased().hasSuffix("IB") { return nil }
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }), let count = Int(text) else { return nil }
        let (octets, overflow) = count.multipliedReportingOverflow(by: unit?.octets ?? 1)
        guard !overflow else { return nil }
        self.octets = octets
    }

    var description: String {
        let unit = Self.units.first { octets > 0 && octets % $0.octets == 0 }
        return unit.map { "\(octets / $0.octets)\($0.letter)" } ?? "\(octets)"
    }

    var defaultValueDescription: String { description }
}
