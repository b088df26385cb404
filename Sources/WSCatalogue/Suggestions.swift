import WSKernels
import WSScenario

/// Guesses what was meant by an unknown word.
package enum Suggestions {
    /// The most suggestions.
    static let limit = 3

    /// The ids, topics, numbers and tags nearest to a pattern that matches nothing, the nearest first.
    static func near(_ pattern: String, in scenarios: [Scenario]) -> [String] {
        if RequirementTable.looksLikeAnID(pattern) {
            return nearest(RequirementTable.shared.all.map(\.id), to: pattern)
        }
        // The pattern may be the beginning of an id or a number, without the star that it needs.
        for whole in [pattern + ".*", pattern + "/*"] {
            let glob = Glob(pattern: whole)
            let isMeant = scenarios.contains { scenario in
                glob.matches(scenario.id) || scenario.autobahn.map { glob.matches($0.number) } ?? false
            }
            if isMeant { return [whole] }
        }
        var candidates: Set<String> = []
        for scenario in scenarios {
            candidates.insert(scenario.id)
            candidates.insert(scenario.topic + "/*")
            if let number = scenario.autobahn?.number {
                candidates.insert(number)
                candidates.insert(number.prefix { $0 != "." } + ".*")
            }
            for tag in scenario.tags { candidates.insert("tag:\(tag.rawValue)") }
        }
        let pattern = pattern.lowercased()
        // The pattern may be the beginning of an id, or of a part of one.
        let begun = scenarios.map(\.id).filter { id in
            id.hasPrefix(pattern) || pattern.utf8.count > 3 && id.contains("/" + pattern)
        }
        if (1...limit).contains(begun.count) { return begun.sorted() }
        return nearest(candidates, to: pattern)
    }

    /// The names with the smallest distance from a text, the nearest first.
    package static func nearest(_ candidates: some Sequence<String>, to pattern: String) -> [String] {
        // Up to half of the pattern may be wrong; beyond that a suggestion is noise.
        let worst = max(1, pattern.utf8.count / 2)
        return candidates.map { (distance: distance(pattern, $0), text: $0) }
            .filter { $0.distance <= worst }
            .sorted { ($0.distance, $0.text) < ($1.distance, $1.text) }
            .prefix(limit)
            .map(\.text)
    }

    /// The number of octets to add, remove or replace to turn one text into the other (Levenshtein distance).
    package static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.utf8)
        var row = Array(0...right.count)
        for (index, octet) in left.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let above = row[column + 1]
                row[column + 1] = min(
                    above + 1,
                    row[column] + 1,
                    diagonal + (octet == right[column] ? 0 : 1)
                )
                diagonal = above
            }
        }
        return row[right.count]
    }
}
