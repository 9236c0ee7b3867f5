@B.1.3 @sut:server
Feature: The Controlling Function sets up sessions of Pre-defined Groups

  @IMSpec-SMM-S-005 @M
  Rule: Whose INVITE to the group begins a session (7.2.1.3, steps 1 to 3 and 7)

    @7.2.1.3-1a @7.2.1.3-2a @7.2.1.3-3a @7.2.1.3-7a
    Scenario: a member starts the session of a group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends
      Then Bob and Ted are each invited

    @7.2.1.3-1a @7.2.1.3-1b
    Scenario: a group for another service has no sessions
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, which is not enabled for IM
      When Alice starts the session of the group Friends
      Then Bob is not invited

    @7.2.1.3-2a @7.2.1.3-2b @7.2.1.3-2d
    Scenario: another focus cannot start the session of a group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends, as the focus of another session
      Then Bob is not invited

    @7.2.1.3-3a @7.2.1.3-3b @7.2.1.3-3c
    Scenario: a member who may not initiate sessions
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                      | value | for   |
        | allow-initiate-conference | false | Alice |
      When Alice starts the session of the group Friends
      Then Bob is not invited

    @7.2.1.3-3a @7.2.1.3-3b
    Scenario: who is no member starts no session of a group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Ted and Carol
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Carol starts the session of the group Friends
      Then Bob is not invited

    @7.2.1.3-7a @7.2.1.3-7b
    Scenario: an offer of content alone that the operator refuses
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Bob and Ted
      And a registered IM Client Alice, whose user belongs to another domain
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends, with content alone that the operator refuses
      Then Bob is not invited

    @7.2.1.3-7b
    Scenario: an offer without messages
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Bob and Ted
      And a registered IM Client Alice, whose user belongs to another domain
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends, with audio alone
      Then Bob is not invited
