/// Finds where the records of a stream begin (RFC 8446, section 5.1).
struct RecordBorders: Sendable {
    /// The length of a record's header.
    private static let headerLength = 5

    /// The header of the record that was begun.
    private var header: [UInt8] = []
    /// How many octets of its fragment have not come yet.
    private var left = 0

    /// Creates the borders of a stream at its first octet.
    init() {}

    /// Takes the next octets of the stream.
    ///
    /// - Returns: Where the last record begins that begins in them; 0 if none does.
    mutating func startOfLast(in octets: Span<UInt8>) -> Int {
        var start = 0
        var place = 0
        while place < octets.count {
            if left > 0 {
                let length = min(left, octets.count - place)
                left -= length
                place += length
                continue
            }
            if header.isEmpty { start = place }
            header.append(octets[place])
            place += 1
            guard header.count == Self.headerLength else { continue }
            left = Int(header[3]) << 8 | Int(header[4])
            header = []
        }
        return start
    }
}
