@B.1.3 @sut:server
Feature: The Controlling Function invites users to sessions

  @IMSpec-SMM-S-006 @IMSpec-SMM-S-007 @M
  Rule: Everybody on a URI-list is invited (7.2.2.2)

    @7.2.2.2-1 @7.2.2.2-2 @7.2.2.2-4 @7.2.2.2-4a @7.2.2.2-5
    Scenario: three users are on the list
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob, Carol and Ted
      When Alice starts an ad-hoc session with Bob, Carol and Ted
      Then Bob, Carol and Ted are each invited

    @7.2.2.2-4a
    Scenario: the inviting user takes certain types only
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      When Alice starts an ad-hoc session with Bob and Ted, taking content of type message/cpim and text/plain
      Then Bob and Ted are each invited

    @7.2.2.2-2
    Scenario: one of those on the list refuses
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And Bob refuses invitations with 486
      When Alice starts an ad-hoc session with Bob and Ted
      Then Bob and Ted are each invited

  @IMSpec-SMM-S-006 @IMSpec-SMM-S-008 @M
  Rule: Members of a Pre-defined Group are invited if its document says so (7.2.2.2, 7.2.2.3)

    @7.2.2.2-1 @7.2.2.2-3 @7.2.2.2-4 @7.2.2.2-4a @7.2.2.2-5 @7.2.2.3-1 @7.2.2.3-2
    Scenario: a group whose members are invited
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted
      When Alice starts the session of the group Friends
      Then Bob and Ted are each invited

    @7.2.2.3-2
    Scenario: a chat group, whose members come by themselves
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule           | value |
        | invite-members | false |
      When Alice starts the session of the group Friends
      Then Bob is not invited

    @7.2.2.3-1
    Scenario: a member who may not begin the session of the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice, Bob and Ted, with the rules:
        | rule                      | value | for |
        | allow-initiate-conference | false | Ted |
      When Ted starts the session of the group Friends
      Then Bob is not invited

    @7.2.2.3-1
    Scenario: a user who is no member and may begin the session of the group
      Given an IM Server that performs the Controlling IM Function
      And registered IM Clients Alice, Bob and Ted
      And a Pre-defined Group Friends of Alice and Bob, with the rules:
        | rule                      | value | for |
        | allow-initiate-conference | true  | Ted |
        | join-handling             | true  | Ted |
      When Ted starts the session of the group Friends
      Then Alice and Bob are each invited
