/// A JSON value (RFC 8259) that knows where in its file it stands.
package struct PlacedJSON: Sendable {
    /// The value itself.
    package enum Kind: Sendable {
        /// The word null.
        case null
        /// The word true or false.
        case bool(Bool)
        /// A number; beyond 2^53 it is the nearest one that a Double has.
        case number(Double)
        /// A string, with its escapes resolved.
        case string(String)
        /// The elements in their order.
        case array([PlacedJSON])
        /// The members in their order; names may come several times.
        case object([Member])
    }

    /// A member of an object.
    package struct Member: Sendable {
        /// The name.
        package var name: String
        /// Where the name stands.
        package var place: TextPlace
        /// The value.
        package var value: PlacedJSON

        /// Creates a member.
        package init(name: String, place: TextPlace, value: PlacedJSON) {
            self.name = name
            self.place = place
            self.value = value
        }
    }

    /// The value.
    package var kind: Kind
    /// Where it begins.
    package var place: TextPlace

    /// What it is, for messages.
    package var kindName: String {
        switch kind {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
