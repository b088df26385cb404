package import ArgumentParser
import WSConform
import WSProcess
import WSReport
import WSRunFolder

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The root command.
@main
package struct Wsconform: AsyncParsableCommand {
    /// Names and explains the commands.
    package static let configuration = CommandConfiguration(
        commandName: "wsconform",
        abstract: "Decide whether a WebSocket implementation is right.",
        discussion: """
            wsconform server ws://127.0.0.1:9001
            wsconform cases show closing/one-byte-payload

            What server and client are told each time may stand in wsconform.json, in the working folder.

            Exit status: 0 nothing found, 1 findings, 2 inconclusive or trouble, 64 wrong usage.
            """,
        version: ToolIdentity.version,
        subcommands: [
            ServerCommand.self, ClientCommand.self, DoctorCommand.self, CasesCommand.self, JudgeCommand.self,
            RenderCommand.self,
            BaselineCommand.self, DiffCommand.self, EchoCommand.self, FuzzCommand.self, WstestCommand.self,
            CompletionsCommand.self, ManualCommand.self,
        ]
    )

    /// Creates the command without a subcommand.
    package init() {}

    /// Parses the arguments and runs the command that they name.
    package static func main() async {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            try await Invocation(arguments, environment: ProcessInfo.processInfo.environment).run()
        } catch {
            exit(after: error)
        }
        exit()
    }

    /// Ends the program: an error is one line on standard error; everything else is left to ArgumentParser.
    private static func exit(after error: any Error) -> Never {
        let code = exitCode(for: error)
        guard !code.isSuccess, !(error is ExitCode) else { exit(withError: error) }
        Console.tell(message(of: error, arguments: Array(CommandLine.arguments.dropFirst())))
        switch error {
        case is FileError, is ReportError, is RunTrouble, is SupervisionTrouble: exit(withError: ExitCode(2))
        default: exit(withError: code)
        }
    }

    /// An error as one line that names the culprit and the correction.
    ///
    /// Our own messages contain the correction after a semicolon; those of ArgumentParser get one here.
    ///
    /// - Parameters:
    ///   - error: The error.
    ///   - arguments: The arguments of the program, for a correction that depends on them.
    /// - Returns: The line, without a line end.
    package static func message(of error: any Error, arguments: [String] = []) -> String {
        // Octets are used, because CR LF is a single Character.
        let lines = message(for: error).utf8.split(separator: UInt8(ascii: "\n"))
        var text = lines.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        guard exitCode(for: error) == .validationFailure else { return text }
        if let unknown = UsageHint.unknownCommand(arguments) { return unknown }
        if let unknown = UsageHint.unknownOption(arguments) { text = unknown }
        guard !text.contains(";") else { return text }
        let mend = UsageHint.mend(of: text, arguments) ?? "see --help"
        return "\(text.hasSuffix(".") ? String(text.dropLast()) : text); \(mend)"
    }
}
