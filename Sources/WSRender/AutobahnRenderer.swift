package import WSReport

/// Reports as Autobahn|Testsuite writes them: `index.json` and a JSON file for each case, so that scripts that read
/// those go on working.
///
/// Only cases with a number of Autobahn's are in there. Autobahn has no word for a case that was not run or says
/// nothing: such a case is `FAILED`, with our reason as its result, because a script would take its absence for
/// success.
package enum AutobahnRenderer {
    /// The files for one or more peers.
    ///
    /// - Throws: ``RenderError`` when two peers would get the same files.
    package static func render(_ reports: [Report]) throws(RenderError) -> [RenderedFile] {
        var agents: [String: String] = [:]
        var index: [String: JSONValue] = [:]
        var files: [RenderedFile] = []
        for report in reports {
            let agent = report.peer.name
            if let other = agents.updateValue(agent, forKey: fileName(agent)) { throw .sameAgent(other, agent) }
            var entries: [String: JSONValue] = [:]
            for entry in report.cases {
                guard let number = entry.autobahnNumber else { continue }
                let file = fileName(agent) + "_case_" + fileName(number) + ".json"
                entries[number] = indexEntry(entry, file: file)
                files.append(RenderedFile(path: file, text: document(entry, number, of: report).text))
            }
            index[agent] = .sorted(entries)
        }
        files.sort { $0.path < $1.path }
        return [RenderedFile(path: "index.json", text: JSONValue.sorted(index).text)] + files
    }

    /// A name as Autobahn makes a part of a file name of it.
    package static func fileName(_ name: String) -> String {
        let kept = trimmed(name).lowercased().unicodeScalars.map { scalar -> Character in
            switch scalar {
            case "a"..."z", "0"..."9": Character(scalar)
            default: " "
            }
        }
        return String(trimmed(String(kept)).map { $0 == " " ? "_" : $0 })
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }

    // MARK: - Documents

    private static func indexEntry(_ entry: Report.Case, file: String) -> JSONValue {
        .sorted([
            "behavior": .string(behavior(entry)),
            "behaviorClose": .string(entry.autobahn?.behaviorClose ?? failed),
            "duration": .number(duration(entry)),
            "remoteCloseCode": .optional(entry.autobahn?.remoteCloseCode),
            "reportfile": .string(file),
        ])
    }

    private static let failed = "FAILED"

    private static func behavior(_ entry: Report.Case) -> String { entry.autobahn?.behavior ?? failed }

    private static func duration(_ entry: Report.Case) -> Int { entry.autobahn?.duration ?? 0 }

    private static func document(_ entry: Report.Case, _ number: String, of report: Report) -> JSONValue {
        let verdict = entry.autobahn
        let notRun = "\(entry.verdictWord): \(entry.reason)"
        var members: [String: JSONValue] = [
            "agent": .string(report.peer.name),
            "behavior": .string(behavior(entry)),
            "behaviorClose": .string(verdict?.behaviorClose ?? failed),
            "result": .string(verdict?.result ?? notRun),
            "resultClose": .string(verdict?.resultClose ?? notRun),
            "id": .string(number),
            "description": .string(entry.title),
            "expectation": .string(expectation(entry)),
            "case": .number(verdict?.ordinal ?? 0),
            "started": .string(verdict?.started ?? report.run?.startedAt ?? ""),
            "duration": .number(duration(entry)),
            // Autobahn reports times for its load cases only.
            "reportTime": .bool(entry.isLoad),
            "reportCompressionRatio": .bool(false),
            "createStats": .bool(true),
            "isServer": .bool(report.roleUnderTest == .client),
            "trafficStats": .null,
            // The readable lines of our report are no wire log of Autobahn's, whose rows hold chunks and times.
            "createWirelog": .bool(false),
            "wirelog": .array([]),
        ]
        members.merge(endMembers(verdict)) { $1 }
        members.merge(eventMembers(verdict)) { $1 }
        return .sorted(members)
    }

    /// How the connection ended.
    private static func endMembers(_ verdict: Report.AutobahnResult?) -> [String: JSONValue] {
        [
            "closedByMe": .bool(verdict?.closedByMe ?? false),
            "failedByMe": .bool(verdict?.failedByMe ?? false),
            "droppedByMe": .bool(verdict?.droppedByMe ?? false),
            "wasClean": .bool(verdict?.wasClean ?? false),
            "wasNotCleanReason": .optional(verdict?.wasNotCleanReason),
            "wasServerConnectionDropTimeout": .bool(verdict?.wasServerConnectionDropTimeout ?? false),
            "wasOpenHandshakeTimeout": .bool(verdict?.wasOpenHandshakeTimeout ?? false),
            "wasCloseHandshakeTimeout": .bool(verdict?.wasCloseHandshakeTimeout ?? false),
            "localCloseCode": .optional(verdict?.localCloseCode),
            "localCloseReason": .optional(verdict?.localCloseReason),
            "remoteCloseCode": .optional(verdict?.remoteCloseCode),
            "remoteCloseReason": .optional(verdict?.remoteCloseReason),
        ]
    }

    /// What came and what should have come.
    private static func eventMembers(_ verdict: Report.AutobahnResult?) -> [String: JSONValue] {
        [
            "received": .array((verdict?.received ?? []).map(event)),
            "expected": .sorted((verdict?.expected ?? [:]).mapValues { .array($0.map(event)) }),
            "expectedClose": .sorted(verdict.map { expectedClose($0.expectedClose) } ?? [:]),
            "httpRequest": .string(verdict?.httpRequest ?? "?"),
            "httpResponse": .string(verdict?.httpResponse ?? "?"),
            "rxOctetStats": .sorted(verdict?.rxOctetStats ?? [:]),
            "txOctetStats": .sorted(verdict?.txOctetStats ?? [:]),
            "rxFrameStats": .sorted(verdict?.rxFrameStats ?? [:]),
            "txFrameStats": .sorted(verdict?.txFrameStats ?? [:]),
        ]
    }

    /// An event: all strings, but for the word that says whether a message is binary.
    private static func event(_ parts: [String]) -> JSONValue {
        .array(
            parts.enumerated().map { index, part in
                parts.first == "message" && index == 2 ? .bool(part == "true") : .string(part)
            }
        )
    }

    private static func expectedClose(_ close: Report.AutobahnResult.ExpectedClose) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "closeCode": .array(close.closeCode.map { .number(Int($0)) }),
            "closedByMe": .bool(close.closedByMe),
            "requireClean": .bool(close.requireClean),
        ]
        if let isFatal = close.closedByWrongEndpointIsFatal {
            members["closedByWrongEndpointIsFatal"] = .bool(isFatal)
        }
        return members
    }

    /// What the case rests on.
    private static func expectation(_ entry: Report.Case) -> String {
        entry.decisiveRequirement.map { "\($0.citation) (\($0.id))" } ?? ""
    }
}
