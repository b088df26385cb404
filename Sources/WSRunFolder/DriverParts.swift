import WSCatalogue
import WSJudge
package import WSReport
import WSScenario

/// What a client's driver does in no case that needs it is not done by it: the cases are unimplemented, and nothing in
/// them is in doubt.
///
/// A driver that does its part in one case and not in another stays in doubt there.
package enum DriverParts {
    /// Finds the cases of a client that are to be told otherwise than the judge has told them, each by itself.
    ///
    /// - Parameter cases: all cases of one client.
    /// - Returns: those cases, as they are to be told.
    package static func settled(_ cases: [Report.Case]) -> [Report.Case] {
        DriverPart.allCases.flatMap { part in
            let undone = cases.filter { isUndone($0, part) }
            let hasDone = cases.contains { entry in
                let shows = Catalogue.scenario(entry.id).map { $0.driver.needs(part) && !$0.closesByItself } ?? false
                return shows && [.pass, .tolerated, .informational].contains(entry.verdict)
            }
            return hasDone ? [] : undone.map { settled($0, part) }
        }
    }

    private static func isUndone(_ entry: Report.Case, _ part: DriverPart) -> Bool {
        entry.verdict == .inconclusive && entry.findings.contains { Judge.undonePart(of: $0) == part }
    }

    private static func settled(_ entry: Report.Case, _ part: DriverPart) -> Report.Case {
        var entry = entry
        entry.verdict = .unimplemented
        if entry.behaviour == .inconclusive { entry.behaviour = .unimplemented }
        if entry.closing == .inconclusive { entry.closing = .unimplemented }
        entry.reason =
            switch part {
            case .subprotocols: "the client's driver asks for no subprotocol; those to ask for are in \(part.rawValue)"
            case .action: "the client's driver does nothing of its own accord; what to do is in \(part.rawValue)"
            }
        for index in entry.findings.indices where Judge.undonePart(of: entry.findings[index]) == part {
            entry.findings[index].verdict = .unimplemented
        }
        return entry
    }
}

extension Scenario {
    /// Whether the tester closes the connection, too, so that it ends well whether the client has acted or not.
    fileprivate var closesByItself: Bool {
        script.contains { if case .startClosingHandshake = $0 { true } else { false } }
    }
}

extension DriverNeed {
    /// Whether a driver has to do this part.
    fileprivate func needs(_ part: DriverPart) -> Bool {
        switch part {
        case .subprotocols: !subprotocols.isEmpty
        case .action: action.map { !$0.isAddress } ?? false
        }
    }
}
