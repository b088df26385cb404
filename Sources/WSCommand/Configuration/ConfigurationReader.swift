import WSCatalogue
package import WSJSON
import WSLimits
import WSRunFolder

/// Turns a configuration file into the arguments that say the same.
///
/// A key of a section is the long name of an option of that command, its value the option's; `headers` and `cookies`
/// are objects besides. What a value means is left to the parser of the command line.
package struct ConfigurationReader {
    private let folder: String
    private let environment: [String: String]
    /// Whether variables are replaced; otherwise only their form is checked.
    private let isExpanding: Bool
    private var configuration: Configuration

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - octets: The content of the file.
    ///   - folder: The folder that paths begin at; empty for the working folder.
    ///   - section: The command whose section is wanted.
    ///   - commands: The options of each command that may have a section.
    ///   - environment: The variables of the process.
    /// - Throws: `JSONError` with the place of the first fault.
    /// - Returns: What the section says; nil if the file has no such section.
    package static func read(
        _ octets: [UInt8],
        in folder: String,
        for section: String,
        among commands: [CommandOptions],
        environment: [String: String]
    ) throws(JSONError) -> Configuration? {
        let value = try JSONReader.read(octets, longest: Limits.configurationFile, deepest: Limits.configurationDepth)
        var wanted: Configuration?
        for member in try members(of: value, called: "the file") {
            if member.name == "$schema" {
                guard case .string = member.value.kind else { throw wrong(member.value, "$schema", "a string") }
                continue
            }
            guard let options = commands.first(where: { $0.command == member.name }) else {
                throw unknownSection(member, commands)
            }
            let isWanted = member.name == section
            // What the environment lacks for another command does not matter now.
            var reader = Self(folder: folder, environment: isWanted ? environment : nil, section: member.name)
            try reader.take(member.value, options)
            if isWanted { wanted = reader.configuration }
        }
        return wanted
    }

    private init(folder: String, environment: [String: String]?, section: String) {
        self.folder = folder
        self.environment = environment ?? [:]
        isExpanding = environment != nil
        configuration = Configuration(section: section)
    }

    // MARK: - Keys

    private mutating func take(_ value: PlacedJSON, _ options: CommandOptions) throws(JSONError) {
        let section = configuration.section
        for member in try Self.members(of: value, called: "'\(section)'") {
            let name = "\(section).\(member.name)"
            if let pairs = Self.pairs[member.name], options[pairs.option] != nil {
                try take(pairs, member, name)
                continue
            }
            guard let option = options.inFiles.first(where: { $0.name == member.name }) else {
                throw Self.unknownKey(member, name, options)
            }
            try take(option, member, name)
        }
    }

    private mutating func take(
        _ option: CommandOptions.Option,
        _ member: PlacedJSON.Member,
        _ name: String
    ) throws(JSONError) {
        let values: [String]
        switch option.content {
        case .flag:
            guard case .bool(let isSet) = member.value.kind else {
                throw Self.wrong(member.value, name, "true or false")
            }
            if isSet { add(member, option.name, ["--\(option.name)"], []) }
            return
        case .command:
            let wanted = "the words of the command, such as [\"node\", \"peer.js\"]"
            guard case .array(let words) = member.value.kind else { throw Self.wrong(member.value, name, wanted) }
            guard !words.isEmpty else { throw JSONError("'\(name)' is empty; write \(wanted)", at: member.value.place) }
            var command: [String] = []
            // The process has the environment itself, and reports show its command.
            for word in words { command.append(try string(word, "a word of '\(name)'", expanded: false)) }
            add(member, option.name, command, command)
            return
        case .text, .number, .path:
            values = try self.values(member.value, name, option)
        }
        if option.isPositional, values.contains(where: { $0.hasPrefix("-") }) {
            // Without a name before it the parser would take it for an option.
            throw JSONError("'\(name)' begins with a hyphen; drop it", at: member.value.place)
        }
        let arguments = values.map { option.isPositional ? $0 : "--\(option.name)=\($0)" }
        add(member, option.name, arguments, values)
    }

    private mutating func values(
        _ value: PlacedJSON,
        _ name: String,
        _ option: CommandOptions.Option
    ) throws(JSONError) -> [String] {
        guard case .array(let elements) = value.kind else { return [try single(value, name, option)] }
        guard option.isRepeating else { throw Self.wrong(value, name, "one value") }
        var values: [String] = []
        for element in elements { values.append(try single(element, "an element of '\(name)'", option)) }
        return values
    }

    private mutating func single(
        _ value: PlacedJSON,
        _ name: String,
        _ option: CommandOptions.Option
    ) throws(JSONError) -> String {
        if option.content == .number, case .number(let number) = value.kind {
            guard number.magnitude <= Self.largestNumber else {
                let problem = "\(Self.quoted(name)) is too large for a number of JSON; write it in quotes"
                throw JSONError(problem, at: value.place)
            }
            return Int(exactly: number).map(String.init) ?? String(number)
        }
        let wanted = option.content == .number ? "a number" : "a string"
        guard case .string = value.kind else { throw Self.wrong(value, name, wanted) }
        let text = try string(value, name, expanded: true)
        let isRelative = option.content == .path && !text.isEmpty && !text.hasPrefix("/")
        return isRelative && !folder.isEmpty ? FileSystem.join(folder, text) : text
    }

    /// The largest number up to which a Double has every integer.
    private static let largestNumber = Double(1 << 53)

    // MARK: - Objects of names and values

    /// A key whose value is an object of names and values.
    private struct Pairs {
        var option: String
        var separator: String
        var character: Character
        var what: String
    }

    private static let pairs = [
        "headers": Pairs(option: "header", separator: ": ", character: ":", what: "colon"),
        "cookies": Pairs(option: "cookie", separator: "=", character: "=", what: "equals sign"),
    ]

    private mutating func take(_ pairs: Pairs, _ member: PlacedJSON.Member, _ name: String) throws(JSONError) {
        var values: [String] = []
        guard case .object = member.value.kind else {
            throw Self.wrong(member.value, name, "an object of names and values")
        }
        for pair in try Self.members(of: member.value, called: "'\(name)'") {
            guard !pair.name.contains(pairs.character) else {
                throw JSONError("a name in '\(name)' has \(Self.article(pairs.what)); drop it", at: pair.place)
            }
            let text = try string(pair.value, "\(name).\(pair.name)", expanded: true)
            values.append(pair.name + pairs.separator + text)
        }
        add(member, pairs.option, values.map { "--\(pairs.option)=\($0)" }, values)
    }

    private static func article(_ noun: String) -> String { (noun.first == "e" ? "an " : "a ") + noun }

    private mutating func add(
        _ member: PlacedJSON.Member,
        _ option: String,
        _ arguments: [String],
        _ values: [String]
    ) {
        // An empty list says nothing.
        guard !arguments.isEmpty else { return }
        configuration.settings.append(
            .init(key: member.name, option: option, arguments: arguments, values: values, place: member.place)
        )
    }

    // MARK: - Strings

    private mutating func string(_ value: PlacedJSON, _ name: String, expanded: Bool) throws(JSONError) -> String {
        guard case .string(let text) = value.kind else { throw Self.wrong(value, name, "a string") }
        guard !text.unicodeScalars.contains("\0") else {
            throw JSONError("\(Self.quoted(name)) has a NUL character; drop it", at: value.place)
        }
        return expanded ? try self.expanded(text, name, at: value.place) : text
    }

    /// A text with `${NAME}` replaced by the variable, and `$${` by `${`.
    private mutating func expanded(_ text: String, _ name: String, at place: TextPlace) throws(JSONError) -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            let before = rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            if before.last == "$" {
                result += before.dropLast() + "${"
                continue
            }
            result += before
            guard let end = rest.firstIndex(of: "}") else {
                let problem = "\(Self.quoted(name)) has ${ without }; write $${ for the characters themselves"
                throw JSONError(problem, at: place)
            }
            result += try variable(String(rest[..<end]), name, at: place)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private mutating func variable(
        _ variable: String,
        _ name: String,
        at place: TextPlace
    ) throws(JSONError) -> String {
        guard variable.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
            let problem =
                "'${\(Limits.quotation.cut(variable))}' in \(Self.quoted(name)) names no variable; write ${NAME}"
            throw JSONError("\(problem), or $${ for the characters themselves", at: place)
        }
        guard isExpanding else { return "" }
        // A job gets an empty variable where a secret is missing.
        guard let value = environment[variable], !value.isEmpty else {
            let state = environment[variable] == nil ? "is not set" : "is empty"
            let problem = "the variable \(variable), which \(Self.quoted(name)) needs, \(state); export it"
            throw JSONError(problem, at: place)
        }
        // A secret that was read from a file often has one, and no option needs it.
        guard !HandshakeGrammar.endsWithLineBreak(value) else {
            let problem = "the variable \(variable), which \(Self.quoted(name)) needs, ends with a line break"
            throw JSONError("\(problem); export it without", at: place)
        }
        let used = Configuration.Variable(name: variable, value: value)
        if !configuration.variables.contains(used) { configuration.variables.append(used) }
        return value
    }

    // MARK: - Errors

    private static func quoted(_ name: String) -> String {
        let cut = Limits.quotation.cut(name)
        return name.hasSuffix("'") && cut == name ? name : "'\(cut)'"
    }

    private static func wrong(_ value: PlacedJSON, _ name: String, _ wanted: String) -> JSONError {
        JSONError("\(quoted(name)) is \(value.kindName); write \(wanted)", at: value.place)
    }

    private static func members(of value: PlacedJSON, called name: String) throws(JSONError) -> [PlacedJSON.Member] {
        guard case .object(let members) = value.kind else {
            throw JSONError("\(name) is \(value.kindName); write an object in braces", at: value.place)
        }
        var seen: Set<String> = []
        for member in members where !seen.insert(member.name).inserted {
            throw JSONError("the key \(quoted(member.name)) is there twice; drop one of them", at: member.place)
        }
        return members
    }

    private static func unknownSection(_ member: PlacedJSON.Member, _ commands: [CommandOptions]) -> JSONError {
        let names = commands.map { "\"\($0.command)\"" }.joined(separator: " and ")
        let owner = commands.first { options in
            pairs[member.name] != nil || options.inFiles.contains { $0.name == member.name }
        }
        let mend =
            owner.map { "put it into \"\($0.command)\": {…}" }
            ?? nearest(member.name, commands.map(\.command)).map { "did you mean '\($0)'?" }
            ?? "there are \(names)"
        return JSONError("\(quoted(member.name)) is no section; \(mend)", at: member.place)
    }

    private static func unknownKey(
        _ member: PlacedJSON.Member,
        _ name: String,
        _ options: CommandOptions
    ) -> JSONError {
        let names = options.inFiles.map(\.name) + pairs.filter { options[$0.value.option] != nil }.keys
        let mend: String =
            if member.name == "supervise", options[member.name] != nil {
                "a \"command\" is supervised without it; drop it"
            } else if options[member.name] != nil {
                "it makes sense on the command line alone; drop it"
            } else if let near = nearest(member.name, names) {
                "did you mean '\(near)'?"
            } else {
                "the keys are the options in wsconform help \(options.command)"
            }
        return JSONError("there is no key \(quoted(name)); \(mend)", at: member.place)
    }

    /// The name that was probably meant: the same but for case and separators, or the nearest one.
    private static func nearest(_ name: String, _ names: [String]) -> String? {
        // A longer name is no mistyped one.
        guard name.utf8.count <= 40 else { return nil }
        func squeezed(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
        if let same = names.first(where: { squeezed($0) == squeezed(name) }) { return same }
        let near = Suggestions.nearest(names, to: name)
        // Letters change their places more often than they are left out, as in `headres`.
        return near.first { other in
            other.utf8.count == name.utf8.count
                && Suggestions.distance(name, other) == near.first.map { Suggestions.distance(name, $0) }
        } ?? near.first
    }
}
