/// The text of a progress line.
package enum ProgressText {
    /// How many cases are done, which topic was last, and about how long the rest takes.
    ///
    /// - Parameters:
    ///   - done: The number of finished cases.
    ///   - planned: The number of all cases.
    ///   - topic: The topic of the case that was finished last; empty before the first.
    ///   - elapsed: The time since the first case could begin.
    /// - Returns: The line.
    package static func line(_ done: Int, of planned: Int, topic: String, after elapsed: Duration) -> String {
        let done = min(done, planned)
        var parts = ["\(done) of \(planned) cases"]
        if !topic.isEmpty { parts.append(topic) }
        if let left = left(done, of: planned, after: elapsed) { parts.append("about \(left) left") }
        return parts.joined(separator: ", ")
    }

    /// A shorter time, or fewer cases, says nothing about the rest.
    private static let shortest = Duration.seconds(2)
    private static let fewest = 20

    private static func left(_ done: Int, of planned: Int, after elapsed: Duration) -> String? {
        guard elapsed >= shortest, done >= fewest, done < planned else { return nil }
        let seconds = Int((elapsed / .seconds(1) / Double(done) * Double(planned - done)).rounded(.up))
        return seconds < 120 ? "\(seconds) s" : "\(seconds / 60) min"
    }
}
