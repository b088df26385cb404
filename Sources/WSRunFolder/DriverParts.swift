import WSCatalogue
import WSJudge
package import WSReport
import WSScenario

/// Replaces inconclusive verdicts where a client's driver never does its part.
///
/// If the driver does something in none of the cases that need it, it is taken not to support it, and these cases
/// become unimplemented. If it does so only in some, the others remain inconclusive.
package enum DriverParts {
    /// Finds the cases of a client whose verdict changes.
    ///
    /// - Parameter cases: All cases of one client.
    /// - Returns: The changed cases.
    package static func unsupported(_ cases: [Report.Case]) -> [Report.Case] {
        DriverPart.allCases.flatMap { part in
            let undone = cases.filter { isUndone($0, part) }
            let hasDone = cases.contains { entry in
                let shows = Catalogue.scenario(entry.id).map { $0.driver.needs(part) && !$0.closesByItself } ?? false
                return shows && [.pass, .tolerated, .informational].contains(entry.verdict)
            }
            return hasDone ? [] : undone.map { unsupported($0, part) }
        }
    }

    private static func isUndone(_ entry: Report.Case, _ part: DriverPart) -> Bool {
        entry.verdict == .inconclusive && entry.findings.contains { Judge.undonePart(of: $0) == part }
    }

    private static func unsupported(_ entry: Report.Case, _ part: DriverPart) -> Report.Case {
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
    /// Whether the tester closes the connection, too, so that it ends properly without the client's part.
    fileprivate var closesByItself: Bool {
        script.contains { if case .startClosingHandshake = $0 { true } else { false } }
    }
}

extension DriverNeed {
    /// Whether the scenario needs this part of a driver.
    fileprivate func needs(_ part: DriverPart) -> Bool {
        switch part {
        case .subprotocols: !subprotocols.isEmpty
        case .action: action.map { !$0.isAddress } ?? false
        }
    }
}
