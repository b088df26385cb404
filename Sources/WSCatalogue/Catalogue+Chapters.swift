extension Catalogue {
    /// The list of ideas behind the scenarios: what an entry such as `HSQ-16` asks for, in one sentence.
    ///
    /// `Scenario.chapter` names an entry, and a test holds the list and the scenarios together. The letters say what
    /// an entry is about: the opening handshake as a request (HSQ), as a response (HSR) and of a client (HSC),
    /// subprotocols, extensions, masking, lengths, control frames, fragments, UTF-8, closing, and limits. A number
    /// that is missing has no scenario: every conversation is looked at for it, or it takes more than one connection,
    /// or more than a driver can do.
    package static let chapters: [String: String] = parseChapters(
        String(decoding: PackageResources.chapters_tsv, as: UTF8.self)
    )

    /// Reads lines of an id, a tab and a sentence; lines of another form are left out.
    private static func parseChapters(_ text: String) -> [String: String] {
        let rows = text.split(separator: "\n").compactMap { line -> (String, String)? in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
            return cells.count == 2 ? (String(cells[0]), String(cells[1])) : nil
        }
        return Dictionary(rows, uniquingKeysWith: { first, _ in first })
    }
}
