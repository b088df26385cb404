import ArgumentParser
import WSConform
import WSGate
import WSLimits
import WSReport
import WSRunFolder
import WSScenario

/// The options for what makes the exit status 1.
struct GateOptions: ParsableArguments {
    @Flag(help: "Let missed recommendations count as findings, as --fail-on should does.")
    var strict = false

    @Option(
        help: ArgumentHelp(
            "Exit with 1 for violated requirements (must, the default), for missed recommendations too, or never.",
            valueName: "level"
        )
    )
    var failOn: FailureLevel?

    @Option(
        name: .customLong("fail-on-impact"),
        help: ArgumentHelp(
            """
            Of these, count only findings of this impact: security, interoperability, robustness, hygiene; with commas, may be \
            repeated.
            """,
            valueName: "impacts"
        ),
        completion: .names(Impact.allCases.map(\.rawValue)),
        transform: GateOptions.impacts
    )
    var impacts: [[Impact]] = []

    @Option(
        help: ArgumentHelp(
            """
            Exit with 0 if nothing that counts (--fail-on) is worse than this: a file of wsconform baseline init, or the report \
            of an earlier run. What holds no more, or no longer, counts as well.
            """,
            valueName: "file"
        ),
        completion: .json
    )
    var baseline: String?

    func validate() throws {
        if strict, let failOn, failOn != .should {
            throw ValidationError("--strict means --fail-on should, not \(failOn.rawValue); drop one of them")
        }
        if failOn == .never, baseline != nil {
            throw ValidationError("with --fail-on never nothing is compared; drop it or --baseline")
        }
        guard baseline?.isEmpty != true else { throw ValidationError("--baseline is empty; name a file") }
    }

    /// What the options say, with the baseline as it was read.
    ///
    /// - Parameters:
    ///   - role: Who is tested.
    ///   - options: The options of a run that is judged anew, which say what counts where these do not.
    /// - Throws: `ReportError` or `FileError` if it cannot be read, `ValidationError` if it is for the other role.
    /// - Returns: The gate.
    func gate(testing role: Report.RoleUnderTest, asIn options: Report.Options? = nil) throws -> Gate {
        var gate = Gate()
        gate.isStrict = strict
        gate.failOn = failOn
        gate.failOnImpact = impacts.isEmpty ? nil : impacts.flatMap(\.self)
        if let options { gate.inherit(from: options) }
        guard let path = baseline else { return gate }
        guard gate.failOn != .never else {
            throw ValidationError(
                "the run was made with --fail-on never, and nothing is compared; add --fail-on must, or drop --baseline"
            )
        }
        let file = ReportFile.path(path)
        guard FileSystem.exists(file) else {
            let mend = "run once with --fail-on never, then wsconform baseline init wsconform-report --out \(file)"
            throw FileError(path: file, problem: "there is no such baseline; \(mend)")
        }
        let octets = try FileSystem.read(file, limit: Limits.reportFile)
        let read: Baseline
        do {
            read = try BaselineText.decode(octets, file: file) { gate.note(in: &$0.options) }
        } catch {
            throw ValidationError(error.description)
        }
        if let other = read.role, other != role {
            throw ValidationError(
                "\(file) is for a \(other.rawValue), and a \(role.rawValue) is tested; name another one"
            )
        }
        if read.unexplainedCount > 0 {
            let those = read.unexplainedCount == 1 ? "1 entry is" : "\(read.unexplainedCount) entries are"
            Console.tell("\(file): \(those) still to be explained; write why each stays")
        }
        gate.baseline = read
        return gate
    }

    @Sendable
    private static func impacts(_ text: String) throws -> [Impact] {
        let all = Impact.allCases.map(\.rawValue)
        return try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
            guard let impact = Impact(rawValue: String(name)) else {
                let meant = UsageHint.meant(String(name), all).map { "did you mean '\($0)'?" }
                throw ValidationError(
                    "'\(name)' is no impact; \(meant ?? "name some of \(all.joined(separator: ", "))")"
                )
            }
            return impact
        }
    }
}

extension FailureLevel: ExpressibleByArgument {}
