package import WSReport

/// Renders reports in Autobahn|Testsuite's format: `index.json` and a JSON file for each case.
///
/// Scripts that read Autobahn's reports can read these. Only cases with an Autobahn number are included. Autobahn has
/// no word for a case that was not run or is inconclusive. Such a case is `FAILED` with our reason as its result,
/// because a script would take a missing case for a success.
package enum AutobahnRenderer {
    /// Renders the reports of one or more peers.
    ///
    /// - Throws: ``RenderError`` if two peers would get the same files.
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

    /// A name as a part of a file name, by Autobahn's rules.
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
            // Autobahn reports times only for its load cases.
            "reportTime": .bool(entry.isLoad),
            "reportCompressionRatio": .bool(false),
            "createStats": .bool(true),
            "isServer": .bool(report.roleUnderTest == .client),
            "trafficStats": .null,
            // Our readable lines do not fit Autobahn's wire log, which has chunks and times.
            "createWirelog": .bool(false),
            "wirelog": .array([]),
        ]
        members.merge(endMembers(verdict)) { $1 }
        members.merge(eventMembers(verdict)) { $1 }
        return .sorted(members)
    }

    /// The members about the end of the connection.
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

    /// The members about the received and the expected events.
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

    /// An event: strings, except for the Boolean that says whether a message is binary.
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

    /// The requirement and the title of the case.
    private static func expectation(_ entry: Report.Case) -> String {
        entry.decisiveRequirement.map { "\($0.citation) (\($0.id))" } ?? ""
    }
}
