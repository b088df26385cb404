extension Catalogue {
    /// The list of ideas behind the scenarios, by id such as `HSQ-16`, each in one sentence.
    ///
    /// `Scenario.chapter` names an entry, and a test checks that the list and the scenarios fit together. The letters
    /// stand for the subject: the opening handshake as a request (HSQ), as a response (HSR) and of a client (HSC),
    /// subprotocols, extensions, masking, lengths, control frames, fragments, UTF-8, closing, and limits. If a number
    /// is missing, the idea has no scenario of its own: every conversation is checked for it, or it needs several
    /// connections, or a driver cannot do it.
    package static let chapters: [String: String] = parseChapters(
        String(decoding: PackageResources.chapters_tsv, as: UTF8.self)
    )

    /// Parses lines of an id, a tab and a sentence; other lines are ignored.
    private static func parseChapters(_ text: String) -> [String: String] {
        let rows = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            return cells.count == 2 ? (String(cells[0]), String(cells[1])) : nil
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }
}
