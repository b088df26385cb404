import ArgumentParser

/// The command `wsconform man`.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "man",
        abstract: "Print the manual page, made of what --help says of each command.",
        discussion: """
            wsconform man | man -l -
            wsconform man > /usr/local/share/man/man1/wsconform.1
            """
    )

    func run() throws {
        Console.document(try ManualPage.text())
    }
}
