/// The field lines of a message on a stream of HTTP/2.
package struct TranscriptFields: Sendable, Hashable {
    /// The lines in their order, pseudo-header fields included.
    package var lines: [Line]
    /// Whether the stream ends behind them in this direction.
    package var endsStream: Bool

    /// A name and a value.
    package struct Line: Sendable, Hashable {
        /// The name.
        package var name: String
        /// The value.
        package var value: String
    }

    /// Creates field lines from names and values.
    package init(_ lines: [(name: String, value: String)], endsStream: Bool) {
        self.lines = lines.map { Line(name: $0.name, value: $0.value) }
        self.endsStream = endsStream
    }

    /// Creates field lines from names and values in turn, as a record has them; nil if a value is missing.
    init?(words: [String], endsStream: Bool) {
        guard words.count.isMultiple(of: 2) else { return nil }
        lines = stride(from: 0, to: words.count, by: 2).map { Line(name: words[$0], value: words[$0 + 1]) }
        self.endsStream = endsStream
    }

    /// Names and values in turn.
    var words: [String] { lines.flatMap { [$0.name, $0.value] } }

    /// The values of the lines with a name, in order.
    package func values(of name: String) -> [String] { lines.filter { $0.name == name }.map(\.value) }

    /// The status of a response; nil if there is none that is a number.
    package var status: Int? { values(of: ":status").first.flatMap { Int($0) } }

    /// The lines as text for people and for rules that read heads, behind a first line.
    package func head(_ first: String) -> [UInt8] {
        var text = first + "\r\n"
        for line in lines { text += "\(line.name): \(line.value)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}
